using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>Prism, the validating proxy, as a process in front of one host. <c>build/check-api</c> says where its program is.</summary>
internal sealed class PrismProxy : IAsyncDisposable
{
    private const string ReportedIn = "sl-violations";

    // Ends Prism with the test process too: the pipe to its input is closed with it.
    private const string Script = """
        "$@" </dev/null &
        read -r line
        kill "$!"
        wait "$!"
        """;

    private static readonly string? Program = Environment.GetEnvironmentVariable("EndToEnd__Prism");
    private static readonly string? Report = Environment.GetEnvironmentVariable("EndToEnd__PrismReport");
    private static readonly Lock Writing = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _document;

    private PrismProxy(string document, Uri host, int port)
    {
        _document = document;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        string[] arguments =
        [
            "-c", Script, "prism", Program!, "proxy", document, host.ToString(), "--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--cors", "false", "--verboseLevel", "fatal",
        ];
        _process = new Process { StartInfo = new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether the tests run through Prism.</summary>
    public static bool IsWanted => Program is not null;

    public Uri Address { get; }

    public static async Task<PrismProxy> StartAsync(string json, Uri host)
    {
        var document = Path.GetTempFileName();
        await File.WriteAllTextAsync(document, json);
        var prism = new PrismProxy(document, host, FreePort.Find());
        try
        {
            await Eventually.TrueAsync(prism.AcceptsAsync);
            return prism;
        }
        catch (Exception exception)
        {
            await prism.DisposeAsync();
            throw new InvalidOperationException("Prism does not start: " + string.Join('\n', prism._output), exception);
        }
    }

    /// <summary>Notes which request went through, and which did not and why.</summary>
    public void Record(DescribedOperation operation, string? obstacle)
    {
        if (Report is not null)
        {
            lock (Writing)
            {
                File.AppendAllText(Report, obstacle is null ? $"through\t{operation}\n" : $"beside\t{operation}\t{obstacle}\n");
            }
        }
    }

    /// <summary>
    /// What Prism has found: everything about the answer, and what it found in the request where the host has accepted it all the same. That a test sends
    /// something wrong on purpose, and is refused, is as it should be.
    /// </summary>
    public static IReadOnlyList<string> Violations(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(ReportedIn, out var values))
        {
            return [];
        }

        var isAccepted = (int)response.StatusCode < 400;
        var text = string.Join(", ", values);
        try
        {
            return
            [
                .. from violation in JsonDocument.Parse(text).RootElement.EnumerateArray()
                   where isAccepted || violation.GetProperty("location")[0].GetString() == "response"
                   select $"Prism: {string.Join('.', violation.GetProperty("location").EnumerateArray())}: {violation.GetProperty("message")}",
            ];
        }
        catch (JsonException)
        {
            // Cut off, with those of the request first.
            return isAccepted || text.Contains("\"location\":[\"response\"", StringComparison.Ordinal) ? ["Prism: " + text] : [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_document);
    }

    private async Task<bool> AcceptsAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
