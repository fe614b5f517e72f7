{ helper, ... }:
{
  probe.helper = helper "value1";
}
