# Whose machines these are.
{
  machine.owner = {
    name = "lars";
    fullName = "lars";
    email = "lars@example.org";
  };
}
