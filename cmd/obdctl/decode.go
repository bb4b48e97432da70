package main

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/errs"
)

func (a *app) decode() *cobra.Command {
	var request string
	var lengths []string
	var strict bool
	cmd := &cobra.Command{
		Use:   "decode [REPLY...]",
		Short: "Decode captured replies, no car needed",
		Long: `decode reads hexadecimal replies, ELM327 text, candump logs or rows of request<TAB>reply reply ... from
standard input, or replies from the command line, and says what they mean. With --request every reply answers
that request; --signals adds signal sets. With --json each input gives one line (docs/schema.md).

A request may name the header: 7E0.22F190, DB33.010C, 18DA10F1.22F190, 6B4.694.22D410 (request.reply.data).
The exit code is 6 when something could not be decoded.`,
		Example: `  obdctl decode 41 0C 1A F8
  obdctl decode --request 0902 < reply.txt
  candump -L can0 | obdctl decode --json
  printf '7E4.221E10\t7EC07621E109BFF3842\n' | obdctl decode --signals mycar.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, given, err := a.decoder(cmd.Context(), request)
			if err != nil {
				return err
			}
			d.Strict = strict
			if err := knownLengths(d, lengths); err != nil {
				return err
			}
			in := interruptible(cmd.Context(), a.in)
			if len(args) > 0 {
				in = strings.NewReader(joinReplies(args))
			}
			return a.decodeAll(d, in, given)
		},
	}
	cmd.Flags().StringVar(&request, "request", "", "the request that every reply answers, such as 010C or 7E0.22F190")
	cmd.Flags().StringSliceVar(&lengths, "length", nil, "`bytes` of a data identifier (F18C=12) or of an extended data record (90=4) that no signal set knows")
	cmd.Flags().BoolVar(&strict, "strict", false, "take zeros behind the last field of a UDS reply for an error instead of padding")
	return cmd
}

// knownLengths reads the lengths that the caller knows of identifiers and of extended data records.
func knownLengths(d *decode.Decoder, given []string) error {
	d.DIDBytes, d.RecordBytes = map[uint16]int{}, map[byte]int{}
	for _, g := range given {
		id, bytes, _ := strings.Cut(g, "=")
		did, err := hexNumber("--length", id, 16)
		n, err2 := strconv.ParseUint(bytes, 10, 12)
		if err != nil || err2 != nil || len(id) != 2 && len(id) != 4 {
			return errs.New(errs.Usage, "--length %q is no length", g).
				WithHint("four digits of a data identifier or two of a record, and its bytes: F18C=12, 90=4")
		}
		if len(id) == 2 {
			d.RecordBytes[byte(did)] = int(n)
			continue
		}
		d.DIDBytes[uint16(did)] = int(n)
	}
	return nil
}

// joinReplies puts replies on lines of their own; single bytes are the parts of one reply.
func joinReplies(args []string) string {
	for _, arg := range args {
		if len(arg) <= 2 {
			return strings.Join(args, " ")
		}
	}
	return strings.Join(args, "\n")
}

func (a *app) decoder(ctx context.Context, request string) (*decode.Decoder, catalog.Request, error) {
	var given catalog.Request
	cat, err := a.catalog(ctx)
	if err != nil {
		return nil, given, err
	}
	book, err := a.book(ctx)
	if err != nil {
		return nil, given, err
	}
	protocol, err := a.protocol()
	if err != nil {
		return nil, given, err
	}
	if request != "" {
		if given, err = catalog.ParseRequest(request); err != nil {
			return nil, given, errs.New(errs.Usage, "--request: %w", err)
		}
	}
	return &decode.Decoder{Catalog: cat, Book: book, Protocol: protocol, SPNMethod: uint8(a.flags.spnMethod)}, given, nil
}

func (a *app) decodeAll(d *decode.Decoder, in io.Reader, given catalog.Request) error {
	total, bad := 0, 0
	out := &bytes.Buffer{}
	err := d.Stream(in, given, func(r decode.Result) error {
		total++
		if r.Error != nil {
			bad++
		}
		if a.flags.json {
			out.Reset()
			if err := writeLine(out, r); err != nil {
				return err
			}
			_, err := a.out.Write(out.Bytes())
			return err
		}
		return a.show(text.Decoded(r, a.textOptions(true)))
	})
	switch {
	case err != nil:
		return err
	case total == 0:
		return errs.New(errs.BadInput, "nothing to decode").WithHint("give replies on standard input or as arguments, see 'obdctl decode --help'")
	case bad > 0:
		return told(errs.New(errs.BadInput, "%d of %d inputs could not be decoded in full", bad, total))
	}
	return nil
}
