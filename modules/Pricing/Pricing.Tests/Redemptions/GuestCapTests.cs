using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing.Tests.Redemptions;

/// <summary>What is limited by customer, for customers who have no account.</summary>
public sealed class GuestCapTests(PromotionHost pricing) : IClassFixture<PromotionHost>, IAsyncLifetime
{
    private static readonly string[] Spellings = ["ann@example.org", "Ann@Example.ORG", " ann@example.org", "ann+shop@example.org", "ANN+2@EXAMPLE.ORG"];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => pricing.AssertSoundAsync();

    [Fact]
    public async Task Of_500_guests_at_once_with_one_address_one_gets_what_is_for_one_customer()
    {
        var (promotion, coupon) = await pricing.CouponAsync(limits: new PromotionLimits(UsesByCustomer: 1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(guest => Task.Run(() => OrderAsync(promotion, coupon, $"guest:{guest}", Spellings[guest % Spellings.Length]))));

        Assert.Equal(1, answers.Count(static isReserved => isReserved));
        Assert.Equal(1, (await pricing.UsageAsync(promotion)).Uses);
        Assert.Equal("You have used it as often as one customer may.", Why(await QuoteAsync("guest:new", "ann@example.org", coupon)));
        Assert.StartsWith("Its conditions are met", Why(await QuoteAsync("guest:new", "ben@example.org", coupon)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_500_guests_at_once_with_two_visits_each_exactly_100_get_a_coupon_for_100_and_once_each()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 100, usesByCustomer: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(visit => Task.Run(() => OrderAsync(promotion, coupon, $"guest:{visit}", $"guest-{visit / 2}@example.org"))));

        Assert.Equal(100, answers.Count(static isReserved => isReserved));
        Assert.Equal(100L, await pricing.ScalarAsync("select count(*) from pricing.usage_counter where key like $1 and used = 1", $"u/{coupon}/mail:%"));
        Assert.Equal(0L, await pricing.ScalarAsync("select count(*) from pricing.usage_counter where key like $1 and used > 1", $"u/{coupon}/mail:%"));
    }

    [Fact]
    public async Task A_guest_without_an_address_is_counted_as_the_visit_and_an_account_as_itself()
    {
        var (promotion, coupon) = await pricing.CouponAsync(usesByCustomer: 1);

        Assert.True(await OrderAsync(promotion, coupon, "guest:one", null));
        Assert.False(await OrderAsync(promotion, coupon, "guest:one", null));
        Assert.True(await OrderAsync(promotion, coupon, "guest:two", null));
        Assert.True(await OrderAsync(promotion, coupon, "anna", "shared@example.org"));
        Assert.True(await OrderAsync(promotion, coupon, "bert", "shared@example.org"));
        Assert.False(await OrderAsync(promotion, coupon, "bert", "other@example.org"));
        Assert.True(await OrderAsync(promotion, coupon, "guest:three", "shared@example.org"));
    }

    [Fact]
    public async Task Neither_the_quote_nor_the_database_knows_the_address()
    {
        var (promotion, coupon) = await pricing.CouponAsync(usesByCustomer: 1);

        var quote = await QuoteAsync("guest:secret", "secret.person@example.org", coupon);
        await OrderAsync(promotion, coupon, "guest:secret", "secret.person@example.org");

        Assert.Matches("^mail:[A-Za-z0-9_-]{22}$", quote.Request.CountedAs);
        Assert.DoesNotContain("secret.person", System.Text.Json.JsonSerializer.Serialize(quote), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0L, await pricing.ScalarAsync("select count(*) from pricing.usage_counter where key like '%@%' or key ilike '%secret%'"));
        Assert.Equal(0L, await pricing.ScalarAsync("select count(*) from pricing.redemption where array_to_string(keys, ' ') like '%@%'"));
    }

    [Fact]
    public async Task A_quote_of_the_time_before_guests_were_counted_is_computed_again_as_it_was()
    {
        var (_, coupon) = await pricing.CouponAsync(usesByCustomer: 1);
        var quote = await QuoteAsync("guest:old", null, coupon);
        Assert.NotEqual(0, quote.Discount.Amount);

        var again = await pricing.Host.SendAsync(new ReproduceQuote(quote));
        var asThen = await pricing.Host.SendAsync(new ReproduceQuote(quote with { Request = quote.Request with { CountedAs = null } }));

        Assert.True(again.IsSame);
        Assert.False(asThen.IsSame);
    }

    [Theory]
    [InlineData("Ann@Example.org", "ann@example.org")]
    [InlineData("  ann@example.org ", "ann@example.org")]
    [InlineData("ann+news@example.org", "ann@example.org")]
    [InlineData("ann.b@example.org", "ann.b@example.org")]
    [InlineData("ann@Bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("+ann@example.org", "+ann@example.org")]
    [InlineData("ann@exa+mple.org", "ann@exa+mple.org")]
    [InlineData("\"a@b\"@example.org", "\"a@b\"@example.org")]
    [InlineData("ann@..", "ann@..")]
    [InlineData("nobody", null)]
    [InlineData("@example.org", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Addresses_are_compared_in_one_form(string? written, string? plain) => Assert.Equal(plain, GuestIdentity.Normalised(written));

    private Task<Quote> QuoteAsync(string customer, string? email, string coupon)
    {
        var item = new QuoteItem(Guid.NewGuid(), Guid.NewGuid(), "A", "A", 1, new Money(10_000, "EUR"));
        return pricing.Host.SendAsync(new CalculateQuote(new QuoteRequest(Guid.NewGuid(), "EUR", [item], [coupon], customer, null, null, pricing.Host.Time.GetUtcNow()), email));
    }

    private async Task<bool> OrderAsync(Guid promotion, string coupon, string customer, string? email)
    {
        var quote = await QuoteAsync(customer, email, coupon);
        return (await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, quote.Request.CountedAs)).IsReserved;
    }

    private static string Why(Quote quote) => quote.Decisions.Single(static decision => decision.Kind == "coupon").Reason;
}
