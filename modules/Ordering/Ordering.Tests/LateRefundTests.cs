using System.Net;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Refunds that come back in parts after they had arrived, and what the staff can do then.</summary>
public sealed class LateRefundTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task A_part_that_comes_back_is_shown_and_only_that_part_is_asked_for_again()
    {
        var (order, id) = await RefundedAsync(1_000);
        Assert.DoesNotContain(order.ToString(), await AttentionAsync(), StringComparison.Ordinal);

        await ShortenAsync(order, id, 400);
        var shown = await UntilAsync(order, "failed", 400);
        Assert.Equal(("partially-refunded", 600L, "True"), (shown["paymentStatus"], shown.Amount("refundedTotal"), shown["needsAttention"]));
        Assert.Contains(order.ToString(), await AttentionAsync(), StringComparison.Ordinal);
        Assert.Contains("4.00 EUR that had been given back have come back", (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Text, StringComparison.Ordinal);
        Assert.Single(await ordering.PublishedAsync<OrderRefundFailed>(told => told.RefundId == id));

        var asked = await RetryAsync(order, id, 2);
        Assert.Equal(400, asked.Amount.Amount);
        Assert.Equal("False", (await UntilAsync(order, "pending", 400))["needsAttention"]);
        await GivenBackAsync(order, asked);

        var done = await UntilAsync(order, "done", 0);
        Assert.Equal(("refunded", 1_000L), (done["paymentStatus"], done.Amount("refundedTotal")));
        Assert.Equal([1_000L, 1_000L], (await ordering.PublishedAsync<OrderRefunded>(told => told.RefundId == id)).Select(static told => told.Amount.Amount));
    }

    [Fact]
    public async Task A_part_that_comes_back_while_another_is_given_anew_is_not_forgotten()
    {
        var (order, id) = await RefundedAsync(1_000);
        await ShortenAsync(order, id, 400);
        await UntilAsync(order, "failed", 400);
        var second = await RetryAsync(order, id, 2);

        await ShortenAsync(order, id, 600);
        await UntilAsync(order, "pending", 1_000);
        await GivenBackAsync(order, second);
        await UntilAsync(order, "failed", 600);
        var third = await RetryAsync(order, id, 3);
        Assert.Equal(600, third.Amount.Amount);
        await GivenBackAsync(order, third);
        await UntilAsync(order, "done", 0);

        // What the second attempt gave comes back whole.
        await ordering.Host.PublishAsync(new RefundFailed(ordering.PaymentOf(order), order.ToString(), second.RefundId, "refund-refused", "The bank does not take it."));
        await UntilAsync(order, "failed", 400);
    }

    [Fact]
    public async Task The_same_news_told_twice_counts_once()
    {
        var (order, id) = await RefundedAsync(1_000);
        var told = new RefundShortened(ordering.PaymentOf(order), order.ToString(), id, new Money(400, "EUR"), "refund-refused", "The bank does not take it.", ordering.Host.Time.GetUtcNow());
        await ordering.Host.PublishAsync(told);
        await ordering.Host.PublishAsync(told);
        await ordering.Host.PublishAsync(told with { RefundId = Guid.NewGuid() });
        await ordering.Host.PublishAsync(told with { Missing = new Money(100, "EUR") });

        await UntilAsync(order, "failed", 500);
    }

    [Fact]
    public async Task What_Payments_cannot_give_back_the_staff_gives_back_by_hand_once()
    {
        var (order, id) = await RefundedAsync(1_000);
        Assert.Equal((HttpStatusCode.OK, 0), ((await SettleAsync(order, id)).Status, await ByHandAsync(order)));
        await ShortenAsync(order, id, 400);
        await UntilAsync(order, "failed", 400);
        (await SettleAsync(order, Guid.NewGuid())).Problem(HttpStatusCode.NotFound, "not-found");

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SettleAsync(order, id)));

        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text));
        var settled = await UntilAsync(order, "done", 0);
        Assert.Equal(("refunded", 1_000L, "False"), (settled["paymentStatus"], settled.Amount("refundedTotal"), settled["needsAttention"]));
        Assert.Equal(400, await ByHandAsync(order));

        // And the rest, should that come back too, under another id.
        await ShortenAsync(order, id, 600);
        await UntilAsync(order, "failed", 600);
        await SettleAsync(order, id);
        Assert.Equal(1_000, await ByHandAsync(order));
        Assert.Equal(2, (await ordering.PublishedAsync<OrderRefundedManually>(told => told.OrderId == order)).Select(static told => told.RefundId).Distinct().Count());
    }

    [Fact]
    public async Task What_is_under_way_is_not_given_back_by_hand_too()
    {
        var (order, id) = await RefundedAsync(1_000, isGivenBack: false);

        (await SettleAsync(order, id)).Problem(HttpStatusCode.Conflict, "illegal-state");

        Assert.Equal(0, await ByHandAsync(order));
    }

    private async Task<(Guid Order, Guid Refund)> RefundedAsync(long amount, bool isGivenBack = true)
    {
        var variant = ordering.Shop.Sell(amount);
        var order = await ordering.ConfirmedAsync(null, null, (variant, 1));
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-shipped", string.Empty);
        await ordering.CaptureAsync(order, (await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)))[0].CaptureId);
        await ordering.UntilAsync(order, "shipped");
        var allowed = await ordering.PostKeyedAsync($"{OrderingHost.Orders}/{order}/refunds", new { amount = new { amount, currency = "EUR" }, reason = "A scratch" });
        var id = allowed.Json.GetProperty("refunds")[0].GetProperty("id").GetGuid();
        if (isGivenBack)
        {
            await ordering.RefundAsync(order, id);
            await UntilAsync(order, "done", 0);
        }

        return (order, id);
    }

    private Task ShortenAsync(Guid order, Guid refund, long amount) => ordering.Host.PublishAsync(new RefundShortened(
        ordering.PaymentOf(order), order.ToString(), refund, new Money(amount, "EUR"), "refund-refused", "The bank does not take it.", ordering.Host.Time.GetUtcNow()));

    private Task GivenBackAsync(Guid order, RefundRequested asked) => ordering.Host.PublishAsync(new PaymentRefunded(
        asked.PaymentId, order.ToString(), asked.RefundId, asked.Amount, [new TenderPart("card", "test", "re_" + asked.RefundId, asked.Amount)], ordering.Host.Time.GetUtcNow()));

    private async Task<RefundRequested> RetryAsync(Guid order, Guid refund, int times)
    {
        await ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/refunds/{refund}/retry", null);
        return (await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)), found => found.Count == times))[^1];
    }

    private Task<Answer> SettleAsync(Guid order, Guid refund) => ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/refunds/{refund}/settle", new { reason = "Transfer 7" });

    private async Task<long> ByHandAsync(Guid order) => (await ordering.PublishedAsync<OrderRefundedManually>(told => told.OrderId == order)).Sum(static told => told.Amount.Amount);

    private async Task<string> AttentionAsync() => (await ordering.GetAsync($"{OrderingHost.Orders}?needsAttention=true&limit=100")).Text;

    private Task<Answer> UntilAsync(Guid order, string status, long outstanding) => ordering.UntilAsync(order, answer =>
    {
        var refund = answer.Json.GetProperty("refunds")[0];
        return refund.GetProperty("status").GetString() == status
            && (refund.TryGetProperty("outstanding", out var left) && left.ValueKind == System.Text.Json.JsonValueKind.Object ? left.GetProperty("amount").GetInt64() : 0) == outstanding;
    });
}
