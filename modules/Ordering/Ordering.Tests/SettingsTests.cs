using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Ordering.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Stock_is_kept_for_ten_minutes_unless_the_configuration_says_otherwise()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), ReservationTime.From(Configuration(null)).Length);
        Assert.Equal(TimeSpan.FromMinutes(30), ReservationTime.From(Configuration("30")).Length);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1441")]
    public void A_time_that_Inventory_does_not_reserve_for_stops_the_host(string minutes)
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => ReservationTime.From(Configuration(minutes)));

        Assert.Contains("ordering:ReservationMinutes", refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(string? minutes) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ReservationMinutes"] = minutes }).Build();
}
