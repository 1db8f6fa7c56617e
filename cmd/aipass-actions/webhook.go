package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/alecthomas/units"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	"go.yaml.in/yaml/v2"

	"github.com/aiosai/aipass-exporter/actions/webhook"
	"github.com/aiosai/aipass-exporter/cmd/internal/cli"
)

// defaultAddress: loopback, for who reaches it writes mail; beside the
// exporter's port.
const defaultAddress = "127.0.0.1:10148"

// graceTime is how long what is in work may take at the end: longer than a
// delivery may.
const graceTime = 40 * time.Second

type webhookFlags struct {
	shared  *sharedFlags
	web     *web.FlagConfig
	desk    *deskFlags
	token   string
	maxBody units.Base2Bytes
}

func addWebhook(r cli.Room, shared *sharedFlags) {
	cmd := r.App.Command("webhook", "Receive alerts from Alertmanager and make mail of them.")
	f := &webhookFlags{shared: shared, web: kingpinflag.AddFlags(cmd, defaultAddress), desk: addDeskFlags(cmd)}
	cmd.Flag("web.max-body", "Largest notification.").Default("16MiB").BytesVar(&f.maxBody)
	cmd.Flag("token-file", "A file with the token that posts have to carry; several are on a line each.").PlaceHolder("FILE").StringVar(&f.token)
	r.Add(cmd, f.run)
}

func (f *webhookFlags) run(ctx context.Context) error {
	if err := f.check(); err != nil {
		return cli.Usage(err)
	}
	logger := f.shared.newLogger()
	r, err := f.newReceiver(logger)
	if err != nil {
		return err
	}
	f.warn(logger)
	server := &http.Server{
		Handler:           r.handler,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 90 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() { // who asks is told before the port is closed
		r.handler.Stop()
		stop()
	})()
	err = cli.Serve(serving, server, f.web, graceTime, logger)
	r.afterwards.Finish()
	return err
}

func (f *webhookFlags) check() error {
	switch {
	case f.maxBody <= 0:
		return errors.New("--web.max-body must be above 0, try --help")
	case f.desk.check() != nil:
		return f.desk.check()
	}
	if err := checkWebConfig(*f.web.WebConfigFile); err != nil {
		return fmt.Errorf("--web.config.file: %w", err)
	}
	if token := f.tokenOf(); token != nil {
		return token.Check()
	}
	return nil
}

func (f *webhookFlags) tokenOf() *webhook.Token {
	if f.token == "" {
		return nil
	}
	return &webhook.Token{Path: f.token}
}

// checkWebConfig refuses a rate limit, which is answered with 429: Alertmanager
// does not try again after that. What else may be wrong with the file the
// server itself says.
func checkWebConfig(path string) error {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var config struct {
		RateLimit map[string]any `yaml:"rate_limit"`
	}
	if yaml.Unmarshal(data, &config) == nil && len(config.RateLimit) > 0 {
		return fmt.Errorf("%s: take rate_limit out: alerts that it refuses are lost for a while, and the receiver bounds itself", path)
	}
	return nil
}

// warn says who can write mail, if that is everybody.
func (f *webhookFlags) warn(logger *slog.Logger) {
	if f.token != "" || *f.web.WebConfigFile != "" {
		return
	}
	for _, address := range *f.web.WebListenAddresses {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			logger.Warn("everybody who reaches this address can write mail to agents", "address", address, "remedy", "give --token-file or --web.config.file, or listen on loopback")
		}
	}
}
