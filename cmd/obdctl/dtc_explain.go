package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
)

type explanations struct {
	Schema string            `json:"schema"`
	Codes  []dtc.Explanation `json:"codes"`
}

func (a *app) dtcExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE...",
		Short: "What a code means, what the driver feels, likely causes and first checks",
		Long: `explain knows the codes of SAE J2012. A code that is not in the catalogue is explained by its family
(system, generic or the maker's own) and marked so; nothing is invented. Failure type bytes (P0301-1A) are named.
Codes of trucks are written SPN 100 FMI 1 or spn:100/1 (SAE J1939-73).`,
		Example: "  obdctl dtc explain P0301\n  obdctl dtc explain c0035 U0100 --json\n  obdctl dtc explain spn:100/1",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := a.book(cmd.Context())
			if err != nil {
				return err
			}
			doc := explanations{Schema: "obdctl.codes/1"}
			if strings.EqualFold(args[0], "spn") {
				args = []string{strings.Join(args, " ")} // SPN 100 FMI 1, without quotes
			}
			for _, code := range args {
				if _, _, ok := dtc.ParseSPN(code); !ok {
					if _, err := dtc.Parse(code); err != nil {
						return err
					}
				}
				doc.Codes = append(doc.Codes, book.Explain(code))
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Explanations(doc.Codes, a.textOptions(true)))
		},
	}
}

func (a *app) dtcSearch() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:     "search WORDS...",
		Short:   "Find codes by words",
		Example: "  obdctl dtc search misfire\n  obdctl dtc search oxygen sensor heater bank 2",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return errs.New(errs.Usage, "--limit must be at least 1")
			}
			book, err := a.book(cmd.Context())
			if err != nil {
				return err
			}
			found := book.Search(strings.Join(args, " "), limit)
			if a.flags.json {
				return writeJSON(a.out, explanations{Schema: "obdctl.codes/1", Codes: append([]dtc.Explanation{}, found...)})
			}
			if len(found) == 0 {
				return errs.New(errs.BadInput, "no code matches %q", strings.Join(args, " ")).
					WithHint("use fewer or more general words, such as 'misfire' or 'oxygen sensor'")
			}
			if len(found) == limit {
				a.notice(true, "there may be more: --limit shows them")
			}
			return a.show(text.CodeList(found, a.textOptions(false)))
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "how many at the most")
	return cmd
}
