package report

import (
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/report/document"
)

// predictions say what was foretold last of the vehicle, with how sure that is and what it is not.
func (p *page) predictions() {
	if len(p.in.Predicted) == 0 {
		return
	}
	p.section("predictions")
	p.catalogue = true
	p.say(p.t("predictions.intro", "day", p.w.Date(p.local(p.in.Predicted[0].At))))
	t := &document.Table{ID: "predictions", Title: p.t("section.predictions"), Columns: []document.Column{
		{ID: "urgency", Title: p.t("col.urgency"), Kind: document.Badge},
		{ID: "part", Title: p.t("col.part"), Kind: document.Words},
		{ID: "claim", Title: p.t("col.claim"), Kind: document.Words, Weight: 3},
		{ID: "basis", Title: p.t("col.basis"), Kind: document.Words, Weight: 2},
		{ID: "do", Title: p.t("col.proposal"), Kind: document.Words, Weight: 2},
	}}
	for _, s := range p.in.Predicted {
		do := "–"
		if s.Proposal != nil {
			do = capital(s.Proposal.What)
		}
		part := s.Part
		if part == "" {
			part = string(s.Topic)
		}
		t.Rows = append(t.Rows, []document.Cell{p.urgency(s.Urgency), words(capital(part)), words(s.Claim), words(basis(s)), words(do)})
	}
	p.add(document.Block{Table: t})
	p.small(p.t("predictions.note"))
}

// basis is what a prediction was learned from, and what it is not.
func basis(s fleet.Prediction) string {
	words := capital(s.LearnedFrom)
	if len(s.Marks) > 0 {
		words += " (" + strings.Join(s.Marks, "; ") + ")"
	}
	return words
}

func (p *page) urgency(u fleet.Urgency) document.Cell {
	switch u {
	case fleet.UrgencyNow:
		return badge(document.High, p.t("urgency.now"))
	case fleet.UrgencySoon:
		return badge(document.Medium, p.t("urgency.soon"))
	case fleet.UrgencyWatch:
		return badge(document.Low, p.t("urgency.watch"))
	case fleet.UrgencyNone:
		return badge(document.Good, p.t("urgency.none"))
	}
	return badge(document.None, p.t("word.unknown"))
}
