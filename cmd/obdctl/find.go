package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
)

// hitsDocument is what `search` writes in JSON.
type hitsDocument struct {
	Schema string      `json:"schema"`
	Query  string      `json:"query"` // as it was understood
	Hits   []store.Hit `json:"hits"`
	Next   string      `json:"next,omitempty"`
}

func (a *app) search() *cobra.Command {
	var page store.Page
	cmd := &cobra.Command{
		Use:   "search QUERY...",
		Short: "Find vehicles, scans, notes, orders, customers, files and predictions",
		Long: `search finds by words and filters, all of which must hold:

  word        a word, or its start with a star: cataly*
  "two words" exactly these, side by side
  -word       not this one
  code:P04*   a trouble code, or its start
  vin: plate: maker: model: year: customer:
              the vehicle's, by their start
  kind:       vehicle, scan, note, order, customer, file, trip, prediction, model or outcome
  state:      of a work order: open, waiting, done, cancelled
  verdict: mil: ecu:
              of a scan: pass, fail or unknown; on or off; 7E8
  since: until:
              30d, 2w, 2026-01-31`,
		Example: `  obdctl search 'code:P04* vin:1HG since:30d misfire'
  obdctl search kind:order state:open
  obdctl search -- catalyst -code:P0420`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := search.Parse(strings.Join(args, " "), time.Now().In(localZone()))
			if err != nil {
				return err
			}
			doc := hitsDocument{Schema: "obdctl.hits/1", Query: q.String()}
			err = a.view(cmd.Context(), func(tx store.Tx) error {
				l, err := tx.Search().Find(cmd.Context(), q, page)
				doc.Next = l.Next
				return take(&doc.Hits)(l, err)
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				for i := range doc.Hits {
					doc.Hits[i].Snippet = strings.NewReplacer("\x01", "", "\x02", "").Replace(doc.Hits[i].Snippet)
				}
				return writeJSON(a.out, doc)
			}
			return a.show(text.Hits(doc.Hits, doc.Next, a.textOptions(false)))
		},
	}
	pageFlags(cmd, &page)
	return cmd
}
