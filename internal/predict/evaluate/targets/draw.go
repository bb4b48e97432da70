package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/chart/svg"
	"github.com/fleetms/obdctl/internal/predict/evaluate"
)

// draw writes the pictures as SVG.
func (o options) draw(ctx context.Context, folder string) error {
	all, err := evaluate.Pictures(ctx, o.data, o.progress)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, p := range all {
		var b bytes.Buffer
		if err := svg.Write(&b, p.Chart, svg.Options{Width: 820}); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, p.Name+".svg"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
