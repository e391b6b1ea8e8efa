namespace ModularMonolith.EndToEnd.Tests;

/// <summary>How a host says why it does not start.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task A_second_host_on_one_data_folder_ends_and_names_the_first()
    {
        await using var folder = new DataFolder();
        await using var first = await HostProcess.StartAsync(HostSettings.In(folder));

        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.In(folder));

        Assert.Equal(1, exitCode);
        Assert.Contains($"already used by another host (process id {first.Id})", output, StringComparison.Ordinal);
        AssertReadable(output);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task Without_PostgreSQL_the_host_ends_and_names_the_three_ways_out()
    {
        await using var folder = new DataFolder();

        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.In(folder).With("Postgres__BinariesPath", "/nonexistent"));

        Assert.Equal(1, exitCode);
        Assert.Contains("install PostgreSQL", output, StringComparison.Ordinal);
        Assert.Contains("Postgres:BinariesPath", output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Default", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_the_start_with_its_address()
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=secret-word;Database=shop"));

        Assert.Equal(1, exitCode);
        Assert.Contains("127.0.0.1:1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_module_that_another_one_needs_cannot_be_switched_off_alone()
    {
        var settings = HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=shop").With("Modules__catalog__Enabled", "false");

        var (exitCode, output) = await HostProcess.RunToEndAsync(settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("needs module 'catalog', which is switched off", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_migration_that_cannot_be_done_ends_with_its_reason()
    {
        var settings = HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=shop").With("DOTNET_ENVIRONMENT", "Production");

        var (exitCode, output) = await HostProcess.RunToEndAsync(settings, "migrate");

        Assert.Equal(1, exitCode);
        Assert.Contains("migration failed", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    private static void AssertReadable(string output)
    {
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }
}
