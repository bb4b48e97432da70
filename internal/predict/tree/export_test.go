package tree

// DecodeUpTo is Decode with another bound, so that its test need not read 64 MiB.
var DecodeUpTo = decode
