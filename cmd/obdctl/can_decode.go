package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/can/framelog"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
)

func (a *app) canDecode() *cobra.Command {
	return &cobra.Command{
		Use:   "decode [FILE...]",
		Short: "Say what the frames of a log mean: diagnostics, and broadcasts by DBC files",
		Long: `decode reads candump, Vector .asc and PEAK .trc logs, or candump lines from standard input as they come. It joins
diagnostic messages and says what they mean; --signals FILE.dbc decodes the broadcast frames that the file names.
With --json each message is one object of obdctl.decode/1.`,
		Example: `  obdctl can decode car.log
  obdctl can decode --signals powertrain.dbc trace.asc --json
  obdctl can dump --adapter can://can0 | obdctl can decode --signals powertrain.dbc`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, _, err := a.decoder(cmd.Context(), "")
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.decodeAll(d, interruptible(cmd.Context(), a.in), catalog.Request{})
			}
			in := candumpOf(cmd.Context(), args)
			defer in.Close()
			return a.decodeAll(d, in, catalog.Request{})
		},
	}
}

// candumpOf gives logs of any format as candump's, line by line as they are read. Closing it ends the reading.
func candumpOf(ctx context.Context, paths []string) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		buffered := bufio.NewWriterSize(in, 64<<10)
		err := firstError(writeCandump(ctx, buffered, paths), buffered.Flush())
		in.CloseWithError(err) // nil is the end
	}()
	return out
}

func writeCandump(ctx context.Context, out *bufio.Writer, paths []string) error {
	var line []byte
	for _, path := range paths {
		err := eachFrame(ctx, path, func(e framelog.Entry) error {
			line = framelog.AppendCandump(line[:0], e)
			_, err := out.Write(line)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachFrame hands out the frames of a log one by one.
func eachFrame(ctx context.Context, path string, each func(framelog.Entry) error) error {
	f, err := await(ctx, func() (*os.File, error) { return os.Open(path) })
	if err != nil {
		return errs.New(errs.Usage, "read frames: %w", err)
	}
	defer f.Close()
	log, err := framelog.NewReader(f)
	for err == nil {
		var e framelog.Entry
		if e, err = log.Next(); err == nil {
			err = firstError(ctx.Err(), each(e))
		}
	}
	bad, isLine := errors.AsType[*framelog.LineError](err)
	_, isFile := errors.AsType[*fs.PathError](err)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case isLine:
		return errs.New(errs.BadInput, "%s:%d: %w", path, bad.Line, bad.Err)
	case errors.Is(err, framelog.ErrFormat):
		return errs.New(errs.BadInput, "%s: %w", path, err).
			WithHint("candump -l or -L, Vector .asc and PEAK .trc logs are read")
	case isFile:
		return errs.New(errs.BadInput, "read frames: %w", err)
	}
	return err
}
