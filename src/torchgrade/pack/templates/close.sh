# The student's process has a user of its own on some machines; of the course it may see fixtures/shared.
chmod -R go+rX "$to"
chmod -R go-rwx "$to/course/graders" "$to/course/assignments"
