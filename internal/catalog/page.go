package catalog

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

const pageHead = `# Signals

Every signal has one permanent canonical id: the short name that SAE J1979-DA gives it, as OBDb spells it too.
PID 0C of service 01, SPN 190 of SAE J1939 and a log column "Engine RPM" are the same signal, ` + "`RPM`" + `.
Ids never change their meaning, their unit or their scaling; a signal that turns out wrong is corrected, one
that turns out to be another gets another id.

- Units are UCUM codes, values metric. Faces may show imperial units; files and JSON never do.
- States carry a short stable code (` + "`CL`, `GAS`" + `) in ` + "`text`" + ` and the raw number in ` + "`value`" + `. Flags are 0 or 1.
- ` + "`*_SUP`" + ` is 1 when the control unit has the thing. ` + "`*_RDY`" + ` and ` + "`*CMPL`" + ` are 1 when a monitor is **not** complete,
  as the standard sends them; ` + "`*_ENA`" + ` is 1 when the monitor is enabled in this driving cycle.
- A signal is *absent* when the control unit says that it has no such sensor or no value now; its number is
  then what stands in its bits and means nothing.
- PIDs 06 to 09 and 55 to 58 have a second byte only in vehicles with three or four banks.
- A value that lies at its limit may mean "this or more": lambda ends at 1.99.

This page is made from ` + "`internal/catalog/data`" + ` by ` + "`go generate`" + `. How to add to it: [adding-a-pid.md](adding-a-pid.md).
`

// Page returns docs/signals.md: every signal of the catalogue, the units, the presets.
func Page(data fs.FS) ([]byte, error) {
	d, err := readData(data)
	if err != nil {
		return nil, fmt.Errorf("signals page: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(pageHead)
	b.WriteString("\n## Services 01, 02 and 09\n\n| Request | Signal | Meaning | Unit | Range |\n|---|---|---|---|---|\n")
	for i := range d.commands {
		c := &d.commands[i]
		request := "`" + c.String() + "`"
		for j := range c.Signals {
			s := &c.Signals[j]
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", request, s.ID, s.Name, code(s.Unit), s.valueRange())
			request = ""
		}
	}
	b.WriteString("\n## Presets\n\n| Name | Signals |\n|---|---|\n")
	for _, p := range d.presets {
		fmt.Fprintf(&b, "| `%s` | %s |\n", p.Name, strings.Join(p.Signals, ", "))
	}
	b.WriteString("\n## Units\n\n| UCUM | Shown as | Name |\n|---|---|---|\n")
	for _, u := range unit.All() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code(u.Code), u.Symbol, u.Name)
	}
	return b.Bytes(), nil
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// valueRange says what values the signal takes: its bounds, its states or its kind.
func (s *Signal) valueRange() string {
	switch s.Kind {
	case Number:
		return fmt.Sprintf("%.6g to %.6g", s.Min, s.Max)
	case Enum:
		return fmt.Sprintf("%d states", len(s.States))
	case Flag:
		return "0, 1"
	case Text:
		return "text"
	case Hex:
		return "hexadecimal digits"
	case Code:
		return "trouble code"
	}
	return ""
}
