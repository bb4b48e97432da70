package serial

// GroupHint is exported for the tests of this package only.
var GroupHint = groupHint
