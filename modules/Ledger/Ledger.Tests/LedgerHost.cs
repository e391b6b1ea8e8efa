using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Ledger.Tests;

/// <summary>The module in a host of its own, with a scripted provider.</summary>
public sealed class LedgerHost : IAsyncLifetime
{
    public ModuleHost Host { get; private set; } = null!;

    internal ScriptedProvider Provider { get; } = new();

    public HttpClient Client => Host.Client;

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(LedgerModule).Assembly,
        services => services.Answer<GetProviderTransactions, ProviderTransactionPage>((request, _) => Task.FromResult(Provider.Answer(request))));

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public static Money Eur(long amount) => new(amount, "EUR");

    public async Task PublishAsync(params IIntegrationEvent[] events)
    {
        foreach (var told in events)
        {
            await Host.PublishAsync(told);
        }
    }

    /// <summary>An order that was invoiced and paid by card.</summary>
    /// <returns>The provider's reference of the capture.</returns>
    public async Task<string> PaidAsync(Guid orderId, long amount, DateTimeOffset? at = null)
    {
        var moment = at ?? Host.Time.GetUtcNow();
        var reference = "ch_" + Guid.NewGuid().ToString("N");
        await PublishAsync(
            new OrderInvoiced(orderId, Guid.NewGuid(), Eur(amount), Eur(0), Eur(0), Eur(amount), moment),
            new PaymentCaptured(Guid.NewGuid(), orderId.ToString(), Guid.NewGuid(), Eur(amount), [new TenderPart("card", "test", reference, Eur(amount))], moment));
        await BookedAsync(orderId.ToString(), 2);
        return reference;
    }

    /// <summary>Waits until an order has so many entries.</summary>
    public async Task BookedAsync(string reference, int count) => await Eventually.Async(
        () => ScalarAsync("select count(*) from ledger.ledger_entry where reference = $1", reference), found => (long)found! == count);

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Client.GetAsync("/api/ledger/" + path);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Starts a reconciliation and waits for its end.</summary>
    public async Task<JsonElement> ReconcileAsync(DateTimeOffset from, DateTimeOffset to)
    {
        var started = await StartAsync(from, to);
        return await EndedAsync(started);
    }

    public async Task<Guid> StartAsync(DateTimeOffset from, DateTimeOffset to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ledger/reconciliations") { Content = JsonContent.Create(new { from, to }) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, body);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetGuid();
        Assert.Equal("/api/ledger/reconciliations/" + id, response.Headers.Location!.ToString());
        return id;
    }

    public Task<JsonElement> EndedAsync(Guid id) =>
        Eventually.Async(() => GetAsync("reconciliations/" + id), static found => found.GetProperty("status").GetString() != "running");

    public async Task AssertSoundAsync()
    {
        var verification = await GetAsync("verification");
        Assert.True(verification.GetProperty("isSound").GetBoolean(), verification.ToString());
        Assert.True((await GetAsync("trial-balance")).GetProperty("isBalanced").GetBoolean());
    }

    /// <summary>Asks the database as its admin.</summary>
    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Host.ConnectionString) { SearchPath = "ledger" }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}
