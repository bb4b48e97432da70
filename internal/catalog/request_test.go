package catalog_test

import (
	"fmt"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestParseRequest(t *testing.T) {
	rows := []struct {
		text, header, reply, data string
		id                        uint16
	}{
		{"010C", "", "", "010C", 0x0C},
		{"22 f1 90", "", "", "22F190", 0xF190},
		{"03", "", "", "03", 0},
		{"7E0.22F190", "7E0", "", "22F190", 0xF190},
		{"6B4.694.22D410", "6B4", "694", "22D410", 0xD410},
		{"DB33.0104", "", "", "0104", 4},
		{"7DF.0104", "", "", "0104", 4},
		{"686A.0104", "", "", "0104", 4},
		{"C033F1.0104", "33", "", "0104", 4},
		{"10.2101", "10", "", "2101", 1},
		{"18DA10F1.22F190", "18DA10F1", "", "22F190", 0xF190},
		{"18DA10F1.18DAF110.22F190", "18DA10F1", "18DAF110", "22F190", 0xF190},
		{"DA1D.1D.222221|fc=1,f=-2011", "18DA1DF1", "18DAF11D", "222221", 0x2221},
		{"DA11.2AF111.22005C|fc=1,c=14", "14DA11F1", "142AF111", "22005C", 0x005C},
		{"6F1.612.22400B|e=12,fc=1", "6F1:12", "612", "22400B", 0x400B},
		{"750.758.2116|t=96,e=2A,ta=2A,fc=1,f=2013-", "750:2A", "758", "2116", 0x16},
		{"DB33.22111F|din=C0,dout=81", "", "", "22111F", 0x111F},
	}
	for _, row := range rows {
		r, err := catalog.ParseRequest(row.text)
		if err != nil {
			t.Errorf("%s: %v", row.text, err)
			continue
		}
		id, _ := r.ID()
		if r.Header.String() != row.header || r.Reply.String() != row.reply || fmt.Sprintf("%X", r.Data) != row.data || id != row.id {
			t.Errorf("%s = %q %q %X id %X", row.text, r.Header, r.Reply, r.Data, id)
		}
	}
	for _, bad := range []string{"", "|", "7E0.", "7E0.22F", "a.b.c.d", "XYZ.0104", "FFF.0104", "7E0.XX.0104", "7E0.0104|e=XYZ", "7E0.0104|f=x", "7E0.0104|f="} {
		if r, err := catalog.ParseRequest(bad); err == nil {
			t.Errorf("%q is taken as %+v", bad, r)
		}
	}
}

func TestYearsOfRequest(t *testing.T) {
	for text, years := range map[string]struct{ in, out int }{
		"7E0.0104|f=2011-":         {2012, 2010},
		"7E0.0104|f=-2011":         {2011, 2012},
		"7E0.0104|f=2009-2011":     {2010, 2012},
		"7E0.0104|f=2009;2013":     {2013, 2010},
		"7E0.0104|f=2020-;-2011":   {2009, 2015},
		"7E0.0104|fc=1,f=-2010;14": {14, 2011},
	} {
		r, err := catalog.ParseRequest(text)
		if err != nil || !r.Years.Has(years.in) || r.Years.Has(years.out) {
			t.Errorf("%s: %+v, %v", text, r.Years, err)
		}
	}
}

func TestMatch(t *testing.T) {
	entry := func(name string, header, reply obd.Address) catalog.Command {
		return catalog.Command{Service: 0x22, ID: 0x1234, IDBytes: 2, Name: name, Header: header, Reply: reply}
	}
	cat := catalog.New(
		entry("any", 0, 0),
		entry("asked", obd.CAN11(0x7E0), 0),
		entry("both", obd.CAN11(0x7E0), obd.CAN11(0x7E8)),
		entry("other", obd.CAN11(0x7E4), obd.CAN11(0x7EC)),
		entry("extended", obd.CAN11(0x750).WithExtension(0x0F), obd.CAN11(0x758)),
	)
	rows := []struct {
		header, reply obd.Address
		want          string
	}{
		{obd.CAN11(0x7E0), obd.CAN11(0x7E8), "[both asked any]"},
		{0, obd.CAN11(0x7E8), "[both asked any]"},
		{obd.CAN11(0x7DF), obd.CAN11(0x7EC), "[other any]"},
		{obd.CAN11(0x7E0), 0, "[both asked any]"},
		{0, obd.CAN11(0x7E9), "[any]"},
		{obd.CAN11(0x7E0), obd.CAN11(0x7DB), "[asked any]"},
		{obd.CAN11(0x750).WithExtension(0x0F), obd.CAN11(0x758).WithExtension(0x0F), "[extended any]"},
		{obd.CAN11(0x750).WithExtension(0x2A), obd.CAN11(0x758).WithExtension(0x2A), "[any]"},
		{obd.CAN11(0x750), obd.CAN11(0x758), "[extended any]"},
	}
	for _, row := range rows {
		var names []string
		for _, c := range cat.Match(row.header, row.reply, 0x22, 0x1234) {
			names = append(names, c.Name)
		}
		if got := fmt.Sprint(names); got != row.want {
			t.Errorf("%s -> %s: %s, want %s", row.header, row.reply, got, row.want)
		}
	}
}
