using ModularMonolith.Architecture.Contracts;

namespace ModularMonolith.Contracts.Tests;

public sealed class KeptContractsTests : IDisposable
{
    private const string Surface = "modules/Tea/Tea.surface.txt";
    private const string SurfaceBreaks = "modules/Tea/Tea.surface.breaks.md";
    private static readonly DateOnly Today = new(2026, 11, 22);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("contracts-");
    private readonly KeptContracts _files;

    public KeptContractsTests()
    {
        _folder.CreateSubdirectory("modules/Tea");
        _files = new KeptContracts(_folder.FullName, ContractKind.All);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_kind_has_its_file()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);

        Assert.Equal(["Tea.events.json", "Tea.stored.json", "Tea.surface.txt"], Directory.EnumerateFiles(Path.Combine(_folder.FullName, "modules/Tea")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(_files.Compare(Compiled(Sample.Contracts)));
    }

    [Fact]
    public void A_kind_that_is_not_looked_at_is_left_alone()
    {
        new KeptContracts(_folder.FullName, [ContractKind.Events]).Save(Compiled(Sample.Contracts), null, Today);

        Assert.Equal(["Tea.events.json"], Directory.EnumerateFiles(Path.Combine(_folder.FullName, "modules/Tea")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_break_is_not_saved_without_a_reason()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        var before = Text(Surface);

        var refused = Assert.Throws<BrokenContractsException>(() => _files.Save(Compiled(Broken()), null, Today));

        Assert.Equal((Surface, "request-member-removed"), (refused.Differences.Single().Path, refused.Differences.Single().Difference.Kind));
        Assert.Equal(before, Text(Surface));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, SurfaceBreaks)));
    }

    [Fact]
    public void A_break_that_was_decided_on_is_recorded_with_its_reason()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);

        _files.Save(Compiled(Broken()), "Nobody ever sent\na note.", Today);

        Assert.Contains("## 2026-11-22: Nobody ever sent a note.", Text(SurfaceBreaks), StringComparison.Ordinal);
        Assert.Contains("- `request-member-removed` `BrewTea` `Note`: ", Text(SurfaceBreaks), StringComparison.Ordinal);
        Assert.Empty(_files.Compare(Compiled(Broken())));
    }

    [Fact]
    public void A_file_that_was_changed_by_hand_breaks_consumers_of_the_commit_before()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        var former = Former();
        File.WriteAllText(Path.Combine(_folder.FullName, Surface), Compiled(Broken()).Texts[Surface]);

        Assert.Equal("request-member-removed", Assert.Single(_files.Unrecorded(former)[Surface]).Kind);
    }

    [Fact]
    public void A_recorded_break_passes_once()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        var former = Former();
        _files.Save(Compiled(Broken()), "Nobody sent it.", Today);
        Assert.Empty(_files.Unrecorded(former));

        // The record of last time says nothing about this time.
        _files.Save(Compiled(Sample.Contracts), null, Today);
        var later = Former();
        File.WriteAllText(Path.Combine(_folder.FullName, Surface), Compiled(Broken()).Texts[Surface]);

        Assert.NotEmpty(_files.Unrecorded(later));
    }

    [Fact]
    public void A_module_that_is_gone_took_its_promises_along()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        var former = Former();
        Directory.Delete(Path.Combine(_folder.FullName, "modules/Tea"), recursive: true);

        var unrecorded = _files.Unrecorded(former);

        Assert.Equal(["modules/Tea/Tea.events.json", "modules/Tea/Tea.stored.json", Surface], unrecorded.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["type-removed"], unrecorded[Surface].Select(static difference => difference.Kind).Distinct());
    }

    [Theory]
    [InlineData("Tea.surface.txt", "<<<<<<< HEAD")]
    [InlineData("Tea.events.json", "<<<<<<< HEAD")]
    [InlineData("Tea.events.json", "{}")]
    [InlineData("Tea.stored.json", "[]")]
    public void A_file_that_cannot_be_read_is_refused_by_name(string file, string text)
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        File.WriteAllText(Path.Combine(_folder.FullName, "modules/Tea", file), text);

        Assert.Contains(file, Assert.Throws<FormatException>(() => _files.Compare(Compiled(Sample.Contracts))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_endings_of_another_system_are_no_difference()
    {
        _files.Save(Compiled(Sample.Contracts), null, Today);
        File.WriteAllText(Path.Combine(_folder.FullName, Surface), Text(Surface).Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Empty(_files.Compare(Compiled(Sample.Contracts)));
    }

    private static string Broken() => Sample.Contracts.With(", string? Note = null)", ")");

    private static CompiledContracts Compiled(string contracts) => new(
        ["modules/Tea"], Compiler.Texts(contracts, Sample.Slice).ToDictionary(static pair => "modules/Tea/Tea" + pair.Key, static pair => pair.Value, StringComparer.Ordinal));

    private string Text(string path) => File.ReadAllText(Path.Combine(_folder.FullName, path));

    private Dictionary<string, string> Former() => Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_folder.FullName, path)).Where(_files.IsKept).ToDictionary(static path => path, Text);
}
