package text_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
)

func plain(p *text.Page) string {
	var b strings.Builder
	_, _ = p.WriteTo(&b)
	return ansi.Strip(b.String())
}

func TestLineWrapsAtTheWidth(t *testing.T) {
	p := text.NewPage(20)
	p.Line(2, text.T(text.Bad, "one two three"), text.C("four five six seven"))
	want := "  one two three four\n  five six seven\n"
	if got := plain(p); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTableAlignsAndWrapsOnlyTheLastColumn(t *testing.T) {
	p := text.NewPage(40)
	p.Table(2, [][]text.Cell{
		{text.C("RPM"), text.R("984.5"), text.C("rpm")},
		{text.C("ECT"), text.R("7"), text.C("a long remark that does not fit in one line")},
	})
	want := "  RPM  984.5  rpm\n" +
		"  ECT      7  a long remark that does\n" +
		"              not fit in one line\n"
	if got := plain(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBytesOfACarCannotDriveTheTerminal(t *testing.T) {
	p := text.NewPage(0)
	p.Line(0, text.C("%s", "VIN\x1b[2J\x07\x9b31m"))
	p.Section("Codes\x1b]0;owned\x07", text.C("%s", "a\x1b[1m"))
	var b strings.Builder
	_, _ = p.WriteTo(&b)
	if got := ansi.Strip(b.String()); strings.ContainsAny(got, "\x1b\x07") || strings.Contains(b.String(), "\x1b[2J") {
		t.Errorf("got %q", b.String())
	}
}

func TestNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1726: "1726", 984.5: "984.5", 12.345678: "12.35", 0.00012: "0.0001", -40: "-40", -0.000001: "0", 1e9: "1000000000"} {
		if got := text.Number(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}
