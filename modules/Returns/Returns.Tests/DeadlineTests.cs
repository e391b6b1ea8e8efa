using System.Net;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Returns.Tests;

/// <summary>Hosts of their own, because the clock is set forward.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task A_customer_asks_within_the_window_and_the_staff_also_later()
    {
        var returns = new ReturnsHost();
        await returns.InitializeAsync();
        var order = returns.Delivered(2);

        returns.Host.Time.Advance(TimeSpan.FromDays(29.9));
        await returns.RequestedAsync(order, 1);
        returns.Host.Time.Advance(TimeSpan.FromDays(0.2));

        var refused = (await returns.RequestAsync(order, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable");
        Assert.Contains("over since", refused.GetProperty("lines")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        (await returns.RequestAsync(order, ReturnsHost.Staff, null, 1)).Expect(HttpStatusCode.Created);
        await returns.DisposeAsync();
    }

    [Fact]
    public async Task An_approved_return_that_is_not_received_in_time_expires_and_one_that_is_does_not()
    {
        var returns = new ReturnsHost { Settings = new Dictionary<string, string?> { ["returns:ReceiptDays"] = "10", ["returns:AutoApprove"] = "true" } };
        await returns.InitializeAsync();
        var (late, inTime) = (returns.Delivered(1), returns.Delivered(1));
        var forgotten = await returns.RequestAsync(late, quantities: [1]);
        var received = (await returns.RequestAsync(inTime, quantities: [1])).Id;

        Assert.Equal("approved", forgotten["status"]);
        Assert.Equal(forgotten.ETag, (await returns.GetAsync($"returns/{forgotten.Id}")).ETag);
        (await returns.DoAsync(received, "receive")).Expect(HttpStatusCode.OK);
        returns.Host.Time.Advance(TimeSpan.FromDays(10.1));

        await returns.StatusAsync(forgotten.Id, "expired");
        Assert.Equal("received", (await returns.GetAsync($"returns/{received}"))["status"]);
        await returns.RequestedAsync(late, 1);
        await returns.DisposeAsync();
    }

    [Theory]
    [InlineData("returns:WindowDays", "0")]
    [InlineData("returns:ReceiptDays", "366")]
    public async Task A_setting_out_of_range_ends_the_start(string key, string value) =>
        Assert.Contains(key, (await Assert.ThrowsAsync<ModuleConfigurationException>(() => ModuleHost.StartAsync(typeof(ReturnsModule).Assembly, null, new Dictionary<string, string?> { [key] = value }))).Message, StringComparison.Ordinal);
}
