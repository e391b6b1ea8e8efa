using System.Diagnostics;
using System.Text.Json;
using ModularMonolith.Architecture.Impact;

namespace ModularMonolith.Architecture.ReportTests;

public sealed class ImpactTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("mm-impact-").FullName;

    public async Task InitializeAsync()
    {
        foreach (var (path, text) in MadeUpShop.Sources)
        {
            Write(path, text);
        }

        Write("docs/guide.md", "A guide.\n");
        Write("src/Engine/Engine.cs", "namespace Engine;\n\npublic sealed class Motor;\n");
        Write("src/Platform/Clock.cs", "namespace Platform;\n\npublic sealed class Clock;\n");
        Write("build/run", "#!/bin/sh\n");
        Write("modules/Sales/Sales.openapi.json", """{"paths":{"/api/sales/sales":{"post":{"operationId":"Sell"}}}}""");
        await GitAsync("init", "-q", "-b", "main");
        await CommitAsync();
    }

    public Task DisposeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_change_of_contracts_names_the_types_their_consumers_and_the_endpoints_behind()
    {
        Replace(MadeUpShop.Messages, "public sealed record GetLevels;", "public sealed record GetLevels(int Least);");
        var impact = await ImpactAsync(null);
        Assert.Equal(["Stock"], impact.Modules.Select(static module => module.Folder));
        Assert.Equal("Stock: GetLevels", Assert.Single(impact.Contracts.Select(static pair => $"{pair.Key.Folder}: {string.Join(", ", pair.Value)}")));
        Assert.Equal("Sales uses GetLevels of Stock", Assert.Single(impact.Consumers.Select(static one => $"{one.Module.Folder} uses {string.Join(", ", one.Types)} of {one.Owner.Folder}")));
        Assert.Equal("Sell POST /api/sales/sales", Assert.Single(impact.Endpoints.Select(static one => $"{one.Operation} {one.Route}")));
        Assert.Equal(["modules/Sales/Sales.Tests", "modules/Stock/Stock.Tests", "tests/Architecture.Tests", "tests/EndToEnd.Tests"], Tests(impact));
    }

    [Fact]
    public async Task A_handler_reaches_the_endpoints_of_those_who_ask_but_not_their_own_tests()
    {
        Replace(MadeUpShop.Levels, "=> 1;", "=> 7;");
        var impact = await ImpactAsync(null);
        Assert.Empty(impact.Contracts);
        Assert.Empty(impact.Consumers);
        Assert.Equal("Sell", Assert.Single(impact.Endpoints).Operation);
        Assert.Equal(["modules/Stock/Stock.Tests", "tests/Architecture.Tests", "tests/EndToEnd.Tests"], Tests(impact));
    }

    [Fact]
    public async Task What_stands_behind_an_interface_reaches_those_who_use_the_interface()
    {
        Replace(MadeUpShop.Levels, "class Source;", "class Source { }");
        Assert.Equal("Sell", Assert.Single((await ImpactAsync(null)).Endpoints).Operation);
    }

    [Fact]
    public async Task A_part_of_contracts_that_only_their_owner_names_needs_no_tests_of_others()
    {
        Replace(MadeUpShop.Messages, "public sealed record Level;", "public sealed record Level(int Quantity);");
        var impact = await ImpactAsync(null);
        Assert.Empty(impact.Consumers);
        Assert.Equal("Sell", Assert.Single(impact.Endpoints).Operation);
        Assert.Equal(["modules/Stock/Stock.Tests", "tests/Architecture.Tests", "tests/EndToEnd.Tests"], Tests(impact));
    }

    [Fact]
    public async Task A_type_that_nobody_uses_touches_no_endpoint_although_its_file_holds_others()
    {
        Replace(MadeUpShop.Levels, "class Unused;", "class Unused { }");
        var impact = await ImpactAsync(null);
        Assert.Empty(impact.Endpoints);
        Assert.Equal(["modules/Stock/Stock.Tests", "tests/Architecture.Tests"], Tests(impact));
    }

    [Fact]
    public async Task Documents_need_no_tests()
    {
        Write("docs/guide.md", "A better guide.\n");
        Write("docs/new page.md", "New.\n");
        var impact = await ImpactAsync(null);
        Assert.Equal(["docs/guide.md", "docs/new page.md"], impact.Files.Select(static file => file.Path));
        Assert.Empty(impact.Tests);
        Assert.Null(impact.Everything);
        Assert.Contains("Tests that are enough: none", ImpactFormat.Text(impact), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/Platform/Clock.cs", "which every module stands on")]
    [InlineData("build/run", "belongs to no project")]
    public async Task Shared_machinery_and_unknown_files_need_everything_and_it_says_why(string path, string reason)
    {
        Write(path, "changed\n");
        var impact = await ImpactAsync(null);
        Assert.Contains(reason, impact.Everything, StringComparison.Ordinal);
        Assert.StartsWith(path, impact.Everything, StringComparison.Ordinal);
        Assert.Equal(5, impact.Tests.Count);
    }

    [Fact]
    public async Task A_part_of_the_product_needs_the_tests_that_stand_on_it()
    {
        Write("src/Engine/Engine.cs", "namespace Engine;\n\npublic sealed class Motor { }\n");
        Assert.Equal(["tests/Architecture.Tests", "tests/Engine.Tests"], Tests(await ImpactAsync(null)));
    }

    [Fact]
    public async Task Deleted_and_renamed_files_count_in_both_places()
    {
        File.Delete(Path.Combine(_root, MadeUpShop.Messages));
        File.Move(Path.Combine(_root, MadeUpShop.Sell), Path.Combine(_root, "modules/Sales/Sales/Selling.cs"));
        await CommitAsync();
        var impact = await ImpactAsync("HEAD~1..HEAD");
        Assert.Equal(
            [(ChangeKind.Renamed, "modules/Sales/Sales/Selling.cs", MadeUpShop.Sell), (ChangeKind.Deleted, MadeUpShop.Messages, MadeUpShop.Messages)],
            impact.Files.Select(static file => (file.Kind, file.Path, file.FormerPath)));
        // The graph is of before: what is gone from the sources is still there.
        Assert.Equal("Stock: GetLevels, Level, StockSold", Assert.Single(impact.Contracts.Select(static pair => $"{pair.Key.Folder}: {string.Join(", ", pair.Value)}")));
        Assert.Equal(["Sales", "Stock"], impact.Modules.Select(static module => module.Folder));
    }

    [Fact]
    public async Task A_range_compares_its_two_ends_and_three_dots_what_came_since_they_parted()
    {
        await GitAsync("checkout", "-q", "-b", "topic");
        Replace(MadeUpShop.Levels, "=> 1;", "=> 7;");
        await CommitAsync();
        await GitAsync("checkout", "-q", "main");
        Write("docs/guide.md", "A better guide.\n");
        await CommitAsync();
        Assert.Equal([MadeUpShop.Levels], (await ImpactAsync("main...topic")).Files.Select(static file => file.Path));
        Assert.Equal(["docs/guide.md", MadeUpShop.Levels], (await ImpactAsync("main..topic")).Files.Select(static file => file.Path));
        Assert.Equal(["GetLevelsHandler"], (await ImpactAsync("main...topic")).Files[0].Types.Select(static name => name.Split('.')[^1]));
    }

    [Theory]
    [InlineData("nowhere..HEAD")]
    [InlineData("--output=stolen")]
    public async Task A_range_that_git_does_not_know_is_refused_and_never_an_option(string range)
    {
        await Assert.ThrowsAsync<ArchitectureException>(() => ImpactAsync(range));
        Assert.False(File.Exists(Path.Combine(_root, "stolen")));
    }

    [Fact]
    public async Task A_project_file_touches_everything_that_is_compiled_with_it()
    {
        Write("modules/Sales/Sales/Sales.csproj", "<Project />\n");
        Assert.Equal("Sell", Assert.Single((await ImpactAsync(null)).Endpoints).Operation);
    }

    [Fact]
    public async Task Json_and_markdown_say_the_same()
    {
        Replace(MadeUpShop.Messages, "public sealed record GetLevels;", "public sealed record GetLevels(int Least);");
        var impact = await ImpactAsync(null);
        using var json = JsonDocument.Parse(ImpactFormat.Json(impact));
        Assert.Equal("modular-monolith.impact/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("GetLevels", json.RootElement.GetProperty("contracts").GetProperty("Stock")[0].GetString());
        Assert.Equal("dotnet test modules/Sales/Sales.Tests", json.RootElement.GetProperty("commands")[0].GetString());
        Assert.Contains("- **Endpoints**\n  - `POST /api/sales/sales` (Sell)\n", ImpactFormat.Markdown(impact), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Tests(ChangeImpact impact) => impact.Tests.Select(static tests => Path.GetDirectoryName(tests.Project)!.Replace('\\', '/'));

    private async Task<ChangeImpact> ImpactAsync(string? range) => ChangeImpact.Of(MadeUpShop.Graph(_root), await new GitChanges(_root).ReadAsync(range, CancellationToken.None));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllText(Path.Combine(_root, path), text);
    }

    private void Replace(string path, string before, string after) => Write(path, MadeUpShop.Sources[path].Replace(before, after, StringComparison.Ordinal));

    private async Task CommitAsync()
    {
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "change");
    }

    private async Task GitAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _root, RedirectStandardError = true })!;
        var errors = await git.StandardError.ReadToEndAsync(deadline.Token);
        await git.WaitForExitAsync(deadline.Token);
        Assert.True(git.ExitCode == 0, errors);
    }
}
