// Package actions is what the hands of AIPass share, whatever they do: the
// state that they keep between runs, the metrics made of it, and AIPass's
// central count of the mail. Each action is a package below.
//
// It holds no schedule and starts nothing.
package actions
