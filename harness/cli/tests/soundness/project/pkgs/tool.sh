#!/bin/sh
echo value1
