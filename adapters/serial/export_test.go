package serial

// Exported for the tests of this package only.
var (
	Arrange   = arrange
	OpenError = openError
	OpenLine  = openLine
	Speeds    = speeds
)
