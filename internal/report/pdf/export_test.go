package pdf

// Clean is what a text is set as.
var Clean = clean
