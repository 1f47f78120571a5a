# The student's process has a user of its own on some machines; of the course it may see fixtures/shared.
chmod -R go+rX "$to"
chmod -R go-rwx "$to/course/graders" "$to/course/assignments"
if [ -d "$to/course/fixtures" ]; then
    find "$to/course/fixtures" -mindepth 1 -maxdepth 1 ! -name shared -exec chmod -R go-rwx {} +
fi
