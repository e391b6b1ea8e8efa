using FluentValidation;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Tests.Redemptions;

/// <summary>What may be reserved at all.</summary>
public sealed class RedemptionBoundsTests(PromotionHost pricing) : IClassFixture<PromotionHost>
{
    [Fact]
    public async Task A_reservation_has_bounds()
    {
        var one = new Redemption(Guid.NewGuid(), null, new Money(1, "EUR"));

        await RefusedAsync(Guid.Empty, 10, one);
        await RefusedAsync(Guid.NewGuid(), 10);
        await RefusedAsync(Guid.NewGuid(), 10, [.. Enumerable.Repeat(one, 51)]);
        await RefusedAsync(Guid.NewGuid(), 10, one with { Discount = new Money(-1, "EUR") });
        await RefusedAsync(Guid.NewGuid(), 10, one with { Coupon = "not a code" });
        await RefusedAsync(Guid.NewGuid(), -1, one);
        await RefusedAsync(Guid.NewGuid(), 60 * 25, one);

        Task RefusedAsync(Guid id, int minutes, params Redemption[] redemptions) =>
            Assert.ThrowsAsync<ValidationException>(() => pricing.ReserveAsync(id, null, minutes, redemptions));
    }
}
