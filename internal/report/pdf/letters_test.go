package pdf_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/chart/typeface/measure"
	"github.com/fleetms/obdctl/internal/report/pdf"
)

// TestClean writes what the fonts have no letters for so that it can still be read.
func TestClean(t *testing.T) {
	rule := measure.New()
	for text, want := range map[string]string{
		"Größe, Ёлка, Ωμέγα":    "Größe, Ёлка, Ωμέγα",
		"e\u0301tat":            "état",
		"修理工場":                  "Xiu Li Gong Chang",
		"ورشة السيارات":         "wrsh@ alsyarat",
		"ремонт 🔧 done":         "ремонт [wrench] done",
		"🇩🇪 Müller":             "DE Müller",
		"thumbs 👍🏽":             "thumbs [thumbs up sign]",
		"line\nbreak\x00\u200b": "line break",
		"\xff":                  "\uFFFD",
		"𠀀":                     "[U+20000]",
	} {
		if got := pdf.Clean(text, rule); got != want {
			t.Errorf("%q is set as %q, want %q", text, got, want)
		}
	}
}
