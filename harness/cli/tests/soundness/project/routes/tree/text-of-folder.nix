{ probe.text-of-folder = toString ../../.; }
