{
  data = ../data;
}
