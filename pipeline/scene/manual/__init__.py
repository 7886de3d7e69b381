"""What a scene may say, told to editors and to people: the schema and the tables of the manual."""
