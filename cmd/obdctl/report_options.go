package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/report/document"
	"github.com/fleetms/obdctl/internal/scan"
)

// reportOptions are those of flags and configuration.
func (a *app) reportOptions(ctx context.Context, f *reportFlags) (report.Options, error) {
	o := report.Options{Imperial: a.imperial(), Tool: "obdctl " + buildVersion(), Now: obd.Stamp(time.Now())}
	words, err := lang.Get(cmp.Or(f.language, a.conf.Language))
	if err != nil {
		return o, errs.New(errs.Usage, "--lang: %w", err)
	}
	o.Words = words
	if f.time != "" {
		if o.Now, err = time.Parse(time.RFC3339, f.time); err != nil {
			return o, errs.New(errs.Usage, "--time %q is no time", f.time).WithHint("write it as 2026-11-23T10:30:00Z")
		}
	}
	o.Zone = localZone()
	if a.conf.Zone != "" {
		if o.Zone, err = time.LoadLocation(a.conf.Zone); err != nil {
			return o, errs.New(errs.Usage, "zone %q is not known", a.conf.Zone).WithHint("a name such as Europe/Berlin or America/New_York")
		}
	}
	book, err := a.book(ctx)
	if err != nil {
		return o, err
	}
	o.Explain = book.Explain
	o.Shop, err = a.shop()
	return o, err
}

// mostLogo bounds the logo's file.
const mostLogo = 10 << 20

// shop is the head of reports, from the configuration.
func (a *app) shop() (report.Shop, error) {
	c := a.conf.Shop
	s := report.Shop{Name: c.Name, Address: c.Address, Phone: c.Phone, Email: c.Email, Web: c.Web, Color: c.Color}
	if c.Logo == "" {
		return s, nil
	}
	f, err := os.Open(c.Logo)
	if err != nil {
		return s, errs.New(errs.Usage, "read logo: %w", err).WithHint("'obdctl config set shop.logo FILE' names another one")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostLogo+1))
	if err != nil {
		return s, errs.New(errs.Usage, "read logo: %w", err)
	}
	kind := pictureType(data)
	if kind == "" || len(data) > mostLogo {
		return s, errs.New(errs.Usage, "logo %s is no PNG or JPEG of at most 10 MiB", c.Logo)
	}
	s.Logo = &document.Picture{Type: kind, Data: data, Alt: c.Name}
	return s, nil
}

// pictureType tells PNG and JPEG by how they begin.
func pictureType(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	}
	return ""
}

// freshScan is the scan of a file, of standard input, or of the car at the adapter, which is kept like every scan.
func (a *app) freshScan(ctx context.Context, f *reportFlags) (*obd.Scan, error) {
	if f.input != "" && (f.scan != "" || f.vehicle != "") {
		return nil, errs.New(errs.Usage, "--input and --scan or --vehicle exclude each other")
	}
	switch f.input {
	case "":
		return a.readAndSave(ctx, scan.Options{}, uuid.Nil)
	case "-":
		return readScanJSON("standard input", interruptible(ctx, a.in))
	}
	file, err := os.Open(f.input)
	if err != nil {
		return nil, errs.New(errs.BadInput, "read scan: %w", errors.Unwrap(err))
	}
	defer file.Close()
	return readScanJSON(f.input, file)
}
