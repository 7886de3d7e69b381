"""The independent judge: says what a picture shows, and never guides one."""
