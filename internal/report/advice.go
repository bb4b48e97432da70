package report

import (
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// advice is what the owner should do, most urgent first.
func (p *page) advice(s *obd.Scan) []string {
	var out []string
	byLevel := map[document.Level][]string{}
	var pending, past []string
	for _, c := range merged(s.Codes) {
		switch {
		case c.isNow():
			byLevel[c.level] = append(byLevel[c.level], c.Code)
		case c.only(obd.PreviouslyActive):
			past = append(past, c.Code)
		case !c.only(obd.Permanent):
			pending = append(pending, c.Code)
		}
	}
	for _, l := range []document.Level{document.Critical, document.High, document.Medium, document.Low, document.None} {
		if codes := unique(byLevel[l]); len(codes) > 0 {
			name := string(l)
			if l == document.None {
				name = "medium"
			}
			out = append(out, p.t("advice.codes_"+name, "codes", strings.Join(codes, ", ")))
		}
	}
	out = append(out, p.adviceOf(s)...)
	if codes := unique(pending); len(codes) > 0 {
		out = append(out, p.t("advice.pending", "codes", strings.Join(codes, ", ")))
	}
	if codes := unique(past); len(codes) > 0 {
		out = append(out, p.t("advice.past", "codes", strings.Join(codes, ", ")))
	}
	if n := len(s.Assessment.CloseToLimit); n > 0 {
		out = append(out, p.n("advice.close", n))
	}
	if open := openMonitors(s.Readiness.SinceClear); len(open) > 0 {
		out = append(out, p.n("advice.monitors", len(open)))
	}
	if len(lost(s)) > 0 {
		out = append(out, p.t("advice.unread"))
	}
	if len(out) == 0 {
		out = append(out, p.t("advice.nothing"))
	}
	return out
}

// adviceOf are the findings that ask for something to be done.
func (p *page) adviceOf(s *obd.Scan) []string {
	var out []string
	for _, f := range s.Assessment.Findings {
		key := "finding." + family(f.ID) + ".advice"
		if rank(document.Severity(f.Severity)) >= rank(document.Medium) && p.w.Has(key) {
			if words := p.t(key); !slices.Contains(out, words) {
				out = append(out, words)
			}
		}
	}
	return out
}

func unique(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

// read tells that a step was read in full.
func read(s *obd.Scan, step obd.Step) bool { return slices.Contains(s.Complete, step) }

// lost is what could not be read though the car should have it.
func lost(s *obd.Scan) []obd.Unread {
	var out []obd.Unread
	for _, u := range s.Unread {
		if u.Reason != obd.NotSupported {
			out = append(out, u)
		}
	}
	return out
}
