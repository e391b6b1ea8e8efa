using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Tests.Taxes;

/// <summary>A service that names tax rates, over real HTTP, and what happens when it fails.</summary>
public sealed class TaxProviderTests(TaxProviderTests.Shops shops) : IClassFixture<TaxProviderTests.Shops>
{
    [Fact]
    public async Task The_service_is_asked_with_what_is_paid_and_its_rates_are_computed_with_here()
    {
        shops.Service.Fault = null;
        var quote = await Shops.QuoteAsync(shops.Refusing);

        Assert.Equal([1_900, 70], quote.Items.Select(item => item.Tax.Amount));
        Assert.Equal(19, quote.Shipping!.Tax.Amount);
        Assert.Equal(quote.Items.Sum(item => item.Total.Amount) + 119, quote.Total.Amount);
        using var asked = JsonDocument.Parse(shops.Service.Asked!);
        Assert.Equal("DE", asked.RootElement.GetProperty("country").GetString());
        Assert.Equal(11_900, asked.RootElement.GetProperty("lines")[0].GetProperty("amount").GetProperty("amount").GetInt64());
        Assert.Equal("shipping", asked.RootElement.GetProperty("lines")[2].GetProperty("taxCategory").GetString());
        Assert.Equal("Bearer secret-of-the-test", shops.Service.Authorization);
        Assert.True((await shops.Refusing.Host.SendAsync(new ReproduceQuote(quote))).IsSame);
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("hangs")]
    [InlineData("babbles")]
    [InlineData("forgets-a-line")]
    [InlineData("names-a-rate-that-cannot-be")]
    public async Task Without_a_sensible_answer_in_time_quotes_are_refused_or_the_table_stands_in(string fault)
    {
        shops.Service.Fault = fault;
        shops.Lenient.Host.Time.Advance(HttpTaxProvider.Pause);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => Shops.QuoteAsync(shops.Refusing));
        var quote = await Shops.QuoteAsync(shops.Lenient);

        Assert.Equal(("tax-unavailable", 503), (refused.Type.Name, refused.Type.Status));
        Assert.Equal("From the table", Assert.Single(quote.Taxes).Name);
    }

    [Fact]
    public async Task A_service_that_has_failed_is_left_alone_for_a_moment_and_then_asked_again()
    {
        shops.Service.Fault = "fails";
        shops.Lenient.Host.Time.Advance(HttpTaxProvider.Pause);
        await Shops.QuoteAsync(shops.Lenient);
        shops.Service.Fault = null;

        var meanwhile = await Shops.QuoteAsync(shops.Lenient);
        shops.Lenient.Host.Time.Advance(HttpTaxProvider.Pause);
        var later = await Shops.QuoteAsync(shops.Lenient);

        Assert.Equal(["From the table"], meanwhile.Taxes.Select(tax => tax.Name));
        Assert.Equal(["VAT 19 %", "VAT 7 %"], later.Taxes.Select(tax => tax.Name));
    }

    private static string Lines(params (string Name, decimal Rate)[][] lines) => JsonSerializer.Serialize(new
    {
        lines = lines.Select((taxes, line) => new { line, taxes = taxes.Select(tax => new { name = tax.Name, rate = tax.Rate }) }),
    });

    /// <summary>Two shops that ask one service: one refuses quotes while it fails, one uses its table.</summary>
    public sealed class Shops : IAsyncLifetime
    {
        internal TaxService Service { get; } = new();

        internal TaxedHost Refusing { get; private set; } = null!;

        internal TaxedHost Lenient { get; private set; } = null!;

        internal static Task<Quote> QuoteAsync(TaxedHost shop) => shop.QuoteAsync(
            "EUR", [PricingHost.Item(shop.Sell(11_900)), PricingHost.Item(shop.Sell(1_070, taxCategory: "books"))], new QuoteDestination("DE"),
            shipping: new QuoteShipping("post", "Post", new Money(119, "EUR")));

        public async Task InitializeAsync()
        {
            Refusing = await StartAsync("refuse");
            Lenient = await StartAsync("table");
            await Lenient.CreateAsync("/tax-zones", new { code = "de", title = "Germany", country = "DE", rates = new[] { new { tax = "vat", name = "From the table", rate = 0.19 } } });
        }

        public async Task DisposeAsync()
        {
            await Refusing.DisposeAsync();
            await Lenient.DisposeAsync();
            await Service.DisposeAsync();
        }

        private async Task<TaxedHost> StartAsync(string onFailure)
        {
            var host = new TaxedHost(new Dictionary<string, string?>
            {
                ["pricing:TaxProvider:Address"] = Service.Address.ToString(),
                ["pricing:TaxProvider:Token"] = "secret-of-the-test",
                ["pricing:TaxProvider:DeadlineSeconds"] = "1",
                ["pricing:TaxProvider:OnFailure"] = onFailure,
            });
            await host.InitializeAsync();
            return host;
        }
    }

    /// <summary>The smallest server that speaks enough of HTTP/1.1.</summary>
    internal sealed class TaxService : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _running;

        public TaxService()
        {
            _listener.Start();
            _running = RunAsync();
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/rates");

        public string? Fault { get; set; }

        public string? Asked { get; private set; }

        public string? Authorization { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            _listener.Stop();
            await _running;
            _stopping.Dispose();
        }

        private async Task RunAsync()
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                    await ServeAsync(client.GetStream());
                }
                catch (Exception ending) when (ending is OperationCanceledException or SocketException or IOException)
                {
                    // The test is over, or the caller has hung up, which is what some tests are about.
                }
            }
        }

        private async Task ServeAsync(NetworkStream stream)
        {
            var (headers, body) = await ReadAsync(stream);
            Authorization = headers.FirstOrDefault(header => header.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))?["Authorization: ".Length..];
            Asked = body;
            if (Fault == "hangs")
            {
                await stream.ReadExactlyAsync(new byte[1], _stopping.Token);
            }

            var text = Fault switch
            {
                "babbles" => "<html>",
                "forgets-a-line" => Lines([("x", 0.1m)]),
                "names-a-rate-that-cannot-be" => Lines([("x", 7)], [], []),
                _ => Lines([("VAT 19 %", 0.19m)], [("VAT 7 %", 0.07m)], [("VAT 19 %", 0.19m)]),
            };
            var status = Fault == "fails" ? "500 Internal Server Error" : "200 OK";
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"), _stopping.Token);
        }

        private async Task<(string[] Headers, string Body)> ReadAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            var headers = new List<string>();
            while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } line)
            {
                headers.Add(line);
            }

            var isChunked = headers.Exists(static header => header.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase));
            var body = new StringBuilder();
            while (true)
            {
                var length = isChunked
                    ? Convert.ToInt32((await reader.ReadLineAsync(_stopping.Token))!, 16)
                    : int.Parse(headers.First(static header => header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture);
                var part = new char[length];
                await reader.ReadBlockAsync(part, _stopping.Token);
                body.Append(part);
                if (!isChunked || length == 0)
                {
                    return ([.. headers], body.ToString());
                }

                await reader.ReadLineAsync(_stopping.Token);
            }
        }
    }
}

/// <summary>A host with settings of its own.</summary>
public sealed class TaxedHost(IReadOnlyDictionary<string, string?> settings) : PricingHost
{
    protected override IReadOnlyDictionary<string, string?> Settings => settings;
}
