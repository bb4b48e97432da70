package elm327_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// FuzzNetwork: whatever an adapter prints on protocol A, a request ends, and what it gives is of the group asked.
func FuzzNetwork(f *testing.F) {
	for _, s := range []string{
		"70ECF90010120003FFECFE00\r70EBF9000131585054523043\r70EBF900024B354558414D50\r70EBF900034C45372AFFFFFF\r",
		"18E8FF0001FFFFFFF9ECFE00\r", "7 0ECFF 00 20 FF FF FF FF EC FE 00 \r", "BUFFER FULL\r", "STOPPED\r\r>", "60FEEC00\r<DATA ERROR\r",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, printed string) {
		if strings.Count(printed, ">") > 4 || len(printed) > 4000 {
			return
		}
		asked := false
		port := newScripted(func(line string) []chunk {
			switch {
			case line == "ATMA":
				return now(heard + "\r>")
			case strings.HasPrefix(line, "AT"), strings.HasPrefix(line, "ST"):
				return table{"ATDPN": "A\r\r>"}.with(plainCar).with(table{"ATDPN": "A\r\r>"}).answer(line)
			case asked:
				return now("NO DATA\r\r>")
			}
			asked = true
			return now(printed + "\r\r>")
		})
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		l, err := elm327.Dial(ctx, elm327.Guard(port, link.ReadOnly()), elm327.Options{Protocol: obd.J1939})
		if err != nil {
			t.Fatal(err)
		}
		groups, _ := l.Line().(link.Network).Request(ctx, 65260, 0)
		for _, g := range groups {
			if g.PGN != 65260 || g.Source != 0 || len(g.Data) > 1785 {
				t.Errorf("%q gave %+v", printed, g)
			}
		}
	})
}
