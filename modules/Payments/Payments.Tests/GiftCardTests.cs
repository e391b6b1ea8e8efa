using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Platform.Testing;
using Npgsql;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

public sealed class GiftCardTests(PaymentsHost payments) : IClassFixture<PaymentsHost>
{
    private ModuleHost Host => payments.Host;

    [Fact]
    public async Task A_gift_card_pays_and_gets_money_back()
    {
        var (card, _) = await Host.GiftCardAsync(1_000);
        var id = await Host.AuthorisedAsync(700, new PaymentTender("gift-card", card.ToString()));
        Assert.Equal((1_000, 700), await Host.OnCardAsync(card));
        await Host.CaptureAsync(id, 400, isFinal: true);
        var captured = await Host.ToldAsync<PaymentCaptured>(id);
        await Eventually.Async(() => Host.OnCardAsync(card), static found => found == (600, 0));
        await Host.RefundAsync(id, 150);
        await Host.ToldAsync<PaymentRefunded>(id);

        Assert.Equal((750, 0), await Host.OnCardAsync(card));
        Assert.Equal(("gift-card", card.ToString()), (captured.Parts[0].Provider, captured.Parts[0].ProviderReference));
        Assert.Equal(Eur(1_000), Assert.Single(await Host.PublishedAsync<GiftCardIssued>(), issued => issued.GiftCardId == card).Amount);
    }

    [Fact]
    public async Task Payments_at_the_same_time_never_spend_more_than_what_is_on_the_card()
    {
        var (card, _) = await Host.GiftCardAsync(1_000);

        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Host.RequestAsync(300, new PaymentTender("gift-card", card.ToString()))));

        var told = new List<bool>();
        foreach (var id in ids)
        {
            told.Add(await Eventually.Async<bool?>(
                async () => (await Host.AllToldAsync<PaymentAuthorised>(id)).Count > 0 ? true : (await Host.AllToldAsync<PaymentDeclined>(id)).Count > 0 ? false : null, static found => found is not null) is true);
        }

        Assert.Equal(3, told.Count(static isPaid => isPaid));
        Assert.Equal((1_000, 900), await Host.OnCardAsync(card));
    }

    [Fact]
    public async Task A_declined_card_gives_the_gift_card_back()
    {
        var (card, _) = await Host.GiftCardAsync(500);
        var id = await Host.RequestAsync(800, new PaymentTender("gift-card", card.ToString(), Eur(500)), new PaymentTender("card", "pm_card_chargeDeclined"));

        await Host.ToldAsync<PaymentDeclined>(id);

        await Eventually.Async(() => Host.OnCardAsync(card), static found => found == (500, 0));
    }

    [Fact]
    public async Task A_code_is_answered_once_and_stored_as_a_hash_only()
    {
        var key = Guid.NewGuid().ToString();
        var first = await IssueAsync(key);
        var second = await IssueAsync(key);
        var code = first.GetProperty("code").GetString()!;

        Assert.Equal(JsonValueKind.Null, second.GetProperty("code").ValueKind);
        Assert.Equal(first.GetProperty("card").GetProperty("id").GetGuid(), second.GetProperty("card").GetProperty("id").GetGuid());
        await using var source = NpgsqlDataSource.Create(Host.ConnectionString);
        foreach (var table in (string[])["mt_doc_gift_card", "mt_events", "mt_doc_idempotency_record"])
        {
            await using var command = source.CreateCommand($"select count(*) from payments.{table} where data::text like '%' || $1 || '%' or data::text like '%' || $2 || '%'");
            command.Parameters.AddWithValue(code);
            command.Parameters.AddWithValue(GiftCardCode.Normalise(code)!);
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task Whoever_has_the_code_sees_what_is_on_it_however_it_is_written()
    {
        var (card, code) = await Host.GiftCardAsync(900);
        await Host.AuthorisedAsync(200, new PaymentTender("gift-card", card.ToString()));

        foreach (var written in (string[])[code, code.ToLowerInvariant(), code.Replace("-", " ", StringComparison.Ordinal), code.Replace("-", string.Empty, StringComparison.Ordinal).Replace('0', 'O').Replace('1', 'l')])
        {
            using var response = await Host.Client.PostAsJsonAsync("/api/payments/gift-cards/balance", new { code = written });
            Assert.Equal(700, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("available").GetProperty("amount").GetInt64());
        }

        Assert.Equal(card, (await Host.SendAsync(new FindGiftCard(code)))!.GiftCardId);
        foreach (var wrong in (string[])["0000-0000-0000-0000-0001", "nonsense", code[..^1] + (code[^1] == 'Z' ? 'Y' : 'Z')])
        {
            using var response = await Host.Client.PostAsJsonAsync("/api/payments/gift-cards/balance", new { code = wrong });
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.DoesNotContain(wrong, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cancelled_card_pays_nothing_and_one_in_use_is_not_cancelled()
    {
        var (card, code) = await Host.GiftCardAsync(900);
        var id = await Host.AuthorisedAsync(200, new PaymentTender("gift-card", card.ToString()));
        Assert.Equal(HttpStatusCode.Conflict, (await CancelAsync(card)).StatusCode);
        await Host.PublishAsync(new VoidRequested(id, "Cancelled"));
        await Host.ToldAsync<PaymentVoided>(id);

        Assert.Equal(HttpStatusCode.OK, (await CancelAsync(card)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CancelAsync(card)).StatusCode);

        Assert.Null(await Host.SendAsync(new FindGiftCard(code)));
        Assert.Equal((Eur(900), "cancelled"), Assert.Single(await Host.PublishedAsync<GiftCardEnded>(), ended => ended.GiftCardId == card) is var told ? (told.Remaining, told.Reason) : default);
        var refused = await Host.RequestAsync(100, new PaymentTender("gift-card", card.ToString()));
        Assert.Equal("gift-card-ended", (await Host.ToldAsync<PaymentDeclined>(refused)).Code);
    }

    [Fact]
    public async Task Lists_are_newest_first_and_go_on_where_they_ended()
    {
        var cards = new List<Guid>();
        for (var index = 0; index < 3; index++)
        {
            cards.Add((await Host.GiftCardAsync(100)).Id);
        }

        var first = await Host.Client.GetFromJsonAsync<JsonElement>("/api/payments/gift-cards?status=active&limit=2");
        var second = await Host.Client.GetFromJsonAsync<JsonElement>("/api/payments/gift-cards?status=active&limit=2&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));
        var ids = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(static item => item.GetProperty("id").GetGuid()).ToList();

        Assert.Equal(4, ids.Count);
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Equal(HttpStatusCode.BadRequest, (await Host.Client.GetAsync("/api/payments/gift-cards?status=1")).StatusCode);
    }

    [Fact]
    public void Codes_are_random_and_a_slip_of_the_pen_is_found()
    {
        var codes = Enumerable.Range(0, 200).Select(static _ => GiftCardCode.New()).ToList();

        Assert.Equal(200, codes.Distinct().Count());
        Assert.All(codes, static code =>
        {
            var normal = GiftCardCode.Normalise(code)!;
            Assert.Equal(20, normal.Length);
            for (var index = 0; index < normal.Length; index++)
            {
                var other = normal[index] == '7' ? '8' : '7';
                Assert.Null(GiftCardCode.Normalise(normal[..index] + other + normal[(index + 1)..]));
            }
        });
    }

    private async Task<JsonElement> IssueAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/gift-cards") { Content = JsonContent.Create(new { amount = Eur(100), reason = "goodwill" }), Headers = { { "Idempotency-Key", key } } };
        using var response = await Host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> CancelAsync(Guid card) => Host.Client.PostAsJsonAsync($"/api/payments/gift-cards/{card}/cancel", new { reason = "Mistake" });
}
