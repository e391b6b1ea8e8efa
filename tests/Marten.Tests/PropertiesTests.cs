using FsCheck.Fluent;
using Xunit.Sdk;

namespace ModularMonolith.Marten.Tests;

public sealed class PropertiesTests
{
    [Fact]
    public async Task A_value_that_fails_is_made_as_small_as_it_can_be()
    {
        var numbers = Arb.From(Gen.Choose(0, 1000), n => n > 0 ? [n / 2, n - 1] : []);
        var failure = await Assert.ThrowsAsync<FailException>(() => Properties.HoldAsync(numbers, 50, 10, 1, n => Task.FromResult(n >= 17 ? "too large" : null)));
        Assert.Contains("\n17\ntoo large", failure.Message, StringComparison.Ordinal);
        await Properties.HoldAsync(numbers, 50, 10, 1, n => Task.FromResult(n > 1000 ? "too large" : null));
    }
}
