using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Tests;

public sealed class ServerSettingsTests
{
    [Theory]
    [InlineData("listen_addresses", "0.0.0.0")]
    [InlineData("Port", "5432")]
    [InlineData("unix_socket_directories", "/tmp")]
    [InlineData("password_encryption", "md5")]
    public void What_keeps_the_server_private_cannot_be_set(string name, string value)
    {
        var refusal = Assert.Throws<PostgresUnavailableException>(() => Render(name, value));
        Assert.Contains($"'{name}' cannot be changed", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("work_mem = '1'\nlisten_addresses", "*")]
    [InlineData("work_mem", "1'\nlisten_addresses = '*")]
    public void A_setting_cannot_smuggle_in_another(string name, string value)
    {
        var refusal = Assert.Throws<PostgresUnavailableException>(() => Render(name, value));
        Assert.Contains("malformed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callers_setting_is_stronger_than_the_built_in_one()
    {
        Assert.Contains("shared_buffers = '1GB'\n", Render("Shared_Buffers", "1GB"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("128MB", Render("Shared_Buffers", "1GB"), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PostgresServerOptions { DataFolder = " " }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PostgresServerOptions { DataFolder = "x", MaxConnections = 9 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PostgresServerOptions { DataFolder = "x", Port = 65_536 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new PostgresServerOptions { DataFolder = "x", StartTimeout = TimeSpan.Zero }.Validate());
    }

    private static string Render(string name, string value) =>
        ServerSettings.Render(
            new PostgresServerOptions { DataFolder = "x", Settings = new Dictionary<string, string> { [name] = value } }, 5000);
}
