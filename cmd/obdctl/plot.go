package main

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

const plotLong = `plot draws kept readings over time: in the terminal, or as a picture with --out FILE.png or FILE.svg. Each line is the
mean, in the band from minimum to maximum where a dot stands for more than one reading. Two units at most: the
second one has its axis at the right.

Without --vehicle the one that was scanned last is meant. Where several control units tell the same signal, the one
with the most readings is drawn; SIGNAL@7E8 picks another.`

// plotFlags are what is drawn, and how.
type plotFlags struct {
	vehicle, since, until, trip string
	out                         string
	width, height               int
	dark, ascii                 bool
}

func (a *app) plot() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot SIGNAL...",
		Short: "Draw readings over time, in the terminal or as a picture",
		Long:  plotLong,
		Example: `  obdctl plot RPM VSS --trip last
  obdctl plot ECT --vehicle focus --since 7d --units imperial
  obdctl plot SHRTFT1 LONGFT1 --vehicle focus --since 2026-03-01 --until 2026-03-02 --out trims.png`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.offerSignals,
		RunE: func(cmd *cobra.Command, args []string) error {
			draw, err := a.pictureWay(f)
			if err != nil {
				return err
			}
			p := plotter{app: a, ctx: cmd.Context(), flags: f, buckets: a.plotBuckets(f)}
			var doc plotDocument
			err = a.view(cmd.Context(), func(tx store.Tx) (err error) {
				p.tx = tx
				doc, err = p.read(args)
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			c, err := doc.chart(a.imperial(), f.out == "", localZone())
			if err != nil {
				return err
			}
			return draw(c)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	stretchFlags(cmd, &f.since, &f.until)
	fl.StringVar(&f.trip, "trip", "", "only this `TRIP`: last, last~1, or the start of an id")
	fl.StringVarP(&f.out, "out", "o", "", "draw to `FILE`.png or .svg instead of the terminal")
	fl.IntVar(&f.width, "width", 0, "columns of the terminal, or pixels of a picture (default: the terminal's, or 1200)")
	fl.IntVar(&f.height, "height", 0, "lines of the terminal, or pixels of a picture (default: what looks well)")
	completeFlag(cmd, "trip", "last", "last~1")
	fl.BoolVar(&f.dark, "dark", false, "of PNG: on a dark ground")
	fl.BoolVar(&f.ascii, "ascii", false, "no letters beyond ASCII in the terminal")
	return cmd
}

// pictureEnding is the form that a file's name asks for.
func pictureEnding(path string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
}

// mostPixels is how wide or high a picture may be.
const mostPixels = 16_384

func (f plotFlags) check() error {
	end := pictureEnding(f.out)
	switch {
	case f.out != "" && end != "png" && end != "svg":
		return errs.New(errs.Usage, "--out %s: a picture is FILE.png or FILE.svg", f.out)
	case f.dark && end != "png":
		return errs.New(errs.Usage, "--dark is for PNG")
	case f.width < 0 || f.height < 0 || f.width > mostPixels || f.height > mostPixels:
		return errs.New(errs.Usage, "--width and --height go from 1 to %d", mostPixels)
	case f.trip != "" && (f.since != "" || f.until != ""):
		return errs.New(errs.Usage, "--trip and --since or --until exclude each other")
	}
	return nil
}

// plotBuckets is about one for each dot that the plot has across.
func (a *app) plotBuckets(f plotFlags) int {
	if f.out == "" {
		return max(2*(cmp.Or(f.width, a.width())-12), 20)
	}
	return max(cmp.Or(f.width, 1200)/2, 20)
}
