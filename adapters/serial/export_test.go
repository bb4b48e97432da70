package serial

// Exported for the tests of this package only.
var (
	Arrange   = arrange
	OpenError = openError
	Speeds    = speeds
)
