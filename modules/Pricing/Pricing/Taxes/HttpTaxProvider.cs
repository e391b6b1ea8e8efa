using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>
/// Asks a service for the rates, in the format of docs/modules/pricing.md. While it does not answer in time or makes no sense, quotes are refused with 503 or the tax table stands in, as configured.
/// </summary>
internal sealed partial class HttpTaxProvider(HttpClient client, TaxProviderSettings settings, TaxTable table, TimeProvider time, ILogger<HttpTaxProvider> logger) : ITaxProvider
{
    private const int MostRates = 20;

    /// <summary>For how long the table stands in after a failure before the service is asked again, so that not every quote waits for the deadline.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _askAgainAt;

    /// <summary>A client without a redirect to elsewhere and with a bounded answer; connections are renewed, so that a change of the address is noticed.</summary>
    public static HttpClient CreateClient(TaxProviderSettings settings)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = settings.Deadline,
            MaxResponseContentBufferSize = 1 << 20,
        };
        if (settings.Token is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async ValueTask<TaxRules> ForAsync(TaxQuestion question, ConfiguredRules rules, CancellationToken cancellationToken)
    {
        if (settings.FallsBackToTable && time.GetUtcNow().UtcTicks < Interlocked.Read(ref _askAgainAt))
        {
            return await table.ForAsync(question, rules, cancellationToken);
        }

        try
        {
            using var response = await client.PostAsJsonAsync(settings.Address, RequestOf(question), ApiForm, cancellationToken);
            response.EnsureSuccessStatusCode();
            return RulesOf(question, await response.Content.ReadFromJsonAsync<Answer>(ApiForm, cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidDataException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailure(failure, settings.FallsBackToTable);
            if (!settings.FallsBackToTable)
            {
                throw new ProblemException(PricingProblems.TaxUnavailable, "The service that knows the tax rates does not answer. Repeat the request in a few seconds.", failure);
            }

            Interlocked.Exchange(ref _askAgainAt, (time.GetUtcNow() + Pause).UtcTicks);
            return await table.ForAsync(question, rules, cancellationToken);
        }
    }

    private static JsonSerializerOptions ApiForm { get; } = new(JsonSerializerDefaults.Web);

    private static Request RequestOf(TaxQuestion question) => new(
        question.Currency, question.PricesIncludeTax, question.At.ToUniversalTime(), question.Destination.Country, question.Destination.Region, question.Destination.PostalCode,
        [
            .. question.Items.Select(static (item, index) => new RequestLine(index, item.Sku, item.TaxCategory, item.Quantity, item.Amount)),
            .. question.Shipping is { } shipping ? (IEnumerable<RequestLine>)[new RequestLine(question.Items.Count, "shipping", "shipping", 1, shipping)] : [],
        ]);

    private static TaxRules RulesOf(TaxQuestion question, Answer? answer)
    {
        var lines = question.Items.Count + (question.Shipping is null ? 0 : 1);
        if (answer?.Lines is not { } answered || answered.Count != lines || answered.Select(static line => line.Line).Distinct().Count() != lines)
        {
            throw new InvalidDataException("The tax service did not answer each line once.");
        }

        var sets = new List<IReadOnlyList<TaxRate>>();
        var indexes = new int[lines];
        foreach (var line in answered)
        {
            if (line.Line < 0 || line.Line >= lines || line.Taxes is not { Count: <= MostRates } taxes
                || taxes.Any(static tax => string.IsNullOrWhiteSpace(tax.Name) || tax.Name.Length > 100 || tax.Rate is < 0 or > 1 || decimal.Round(tax.Rate, 6) != tax.Rate))
            {
                throw new InvalidDataException("The tax service answered a line or a rate that cannot be.");
            }

            var set = sets.FindIndex(known => known.Select(static rate => (rate.Name, rate.Rate)).SequenceEqual(taxes.Select(static tax => (tax.Name, tax.Rate))));
            if (set < 0)
            {
                set = sets.Count;
                sets.Add([.. taxes.Select(static tax => new TaxRate(tax.Name, tax.Rate))]);
            }

            indexes[line.Line] = set;
        }

        return new TaxRules(
            "provider", "Tax service", "The tax service named the rates.", sets, indexes[..question.Items.Count], question.Shipping is null ? null : indexes[^1], question.Relief);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tax service did not answer as it should. The tax table stands in: {StandsIn}.")]
    private partial void LogFailure(Exception failure, bool standsIn);

    private sealed record Request(
        string Currency, bool PricesIncludeTax, DateTimeOffset At, string Country, string? Region, string? PostalCode, IReadOnlyList<RequestLine> Lines);

    private sealed record RequestLine(int Line, string Sku, string? TaxCategory, int Quantity, Money Amount);

    private sealed record Answer(IReadOnlyList<AnswerLine>? Lines);

    private sealed record AnswerLine(int Line, IReadOnlyList<AnswerTax>? Taxes);

    private sealed record AnswerTax(string Name, decimal Rate);
}
