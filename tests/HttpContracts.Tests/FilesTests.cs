using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts.Tests;

public sealed class FilesTests : IDisposable
{
    private const string Tea = "modules/Tea/Tea.openapi.json";
    private const string TeaBreaks = "modules/Tea/Tea.openapi.breaks.md";
    private static readonly DateOnly Today = new(2026, 11, 21);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("contracts-");
    private readonly ContractFiles _files;

    public FilesTests()
    {
        foreach (var folder in new[] { "modules/Tea", "modules/Pot", "src/Platform" })
        {
            _folder.CreateSubdirectory(folder);
        }

        File.WriteAllText(Path.Combine(_folder.FullName, "ModularMonolith.sln"), string.Empty);
        _files = ContractFiles.Above(Path.Combine(_folder.FullName, "modules/Tea"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_module_gets_its_operations_and_the_platform_the_rest()
    {
        _files.Save(Sample.Document(), null, Today);

        Assert.Equal(["/api/tea/teas/{id}"], _files.Read(Tea).Object("paths").Select(static path => path.Key));
        Assert.Equal(["/api/pot/pots"], _files.Read("modules/Pot/Pot.openapi.json").Object("paths").Select(static path => path.Key));
        Assert.Equal(["/health"], _files.Read("src/Platform/Platform.openapi.json").Object("paths").Select(static path => path.Key));
    }

    [Fact]
    public void A_file_has_all_components_that_it_uses_and_no_other()
    {
        _files.Save(Sample.Document(), null, Today);

        Assert.Equal(["Kind", "NewTea", "Pot", "Tea"], _files.Read(Tea).Object("components/schemas").Select(static schema => schema.Key));
        Assert.Equal(["apiKey", "bearer"], _files.Read(Tea).Object("components/securitySchemes").Select(static scheme => scheme.Key));
        Assert.Equal(["Pot"], _files.Read("modules/Pot/Pot.openapi.json").Object("components/schemas").Select(static schema => schema.Key));
        Assert.Equal("tea", (string?)Assert.Single(_files.Read(Tea).At("tags").AsArray())!["name"]);
    }

    [Fact]
    public void The_order_in_which_a_host_lists_things_makes_no_difference()
    {
        _files.Save(Sample.Document(), null, Today);
        var first = Text(Tea);
        var other = Sample.Document();
        other["paths"] = new JsonObject(other.Object("paths").Reverse().Select(static path => KeyValuePair.Create(path.Key, path.Value?.DeepClone())));
        other.ShowTea()["responses"] = new JsonObject(other.ShowTea().Object("responses").Reverse().Select(static answer => KeyValuePair.Create(answer.Key, answer.Value?.DeepClone())));

        _files.Save(other, null, Today);

        Assert.Equal(first, Text(Tea));
        Assert.EndsWith("}\n", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_put_together_again()
    {
        var parts = ContractDocument.Split(Sample.Document(), ["tea", "pot"]);

        var whole = ContractDocument.Merge(parts.Values);

        Assert.DoesNotContain(ContractComparison.Compare(Sample.Document(), whole), static change => change.Kind != "text-changed");
        Assert.Equal(4, whole.Object("components/schemas").Count);
    }

    [Fact]
    public void What_breaks_clients_is_not_saved_without_a_reason()
    {
        _files.Save(Sample.Document(), null, Today);
        var before = Text(Tea);

        var refused = Assert.Throws<BreakingChangesException>(() => _files.Save(Broken(), null, Today));

        Assert.Equal("request-property-removed", Assert.Single(refused.Changes).Kind);
        Assert.Equal(before, Text(Tea));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, TeaBreaks)));
    }

    [Fact]
    public void A_break_that_was_decided_on_is_recorded_with_its_reason()
    {
        _files.Save(Sample.Document(), null, Today);

        _files.Save(Broken(), "Nobody ever sent\na note.", Today);

        Assert.Contains("## 2026-11-21: Nobody ever sent a note.", Text(TeaBreaks), StringComparison.Ordinal);
        Assert.Contains("- `request-property-removed` `PUT /api/tea/teas/{id}` `/requestBody/content/application~1json/schema/properties/note`: ", Text(TeaBreaks), StringComparison.Ordinal);
        Assert.Empty(_files.Compare(Broken()));
    }

    [Fact]
    public void A_host_that_publishes_something_else_is_found()
    {
        _files.Save(Sample.Document(), null, Today);

        Assert.Empty(_files.Compare(Sample.Document()));
        Assert.Equal([Tea], _files.Compare(Broken()).Keys);
        Assert.Equal("text-changed", Assert.Single(_files.Compare(Sample.Changed(static document => document.ShowTea()["summary"] = "Tea."))[Tea]).Kind);
    }

    [Fact]
    public void A_file_that_was_changed_by_hand_breaks_clients_of_the_commit_before()
    {
        _files.Save(Sample.Document(), null, Today);
        var former = Former();
        File.WriteAllText(Path.Combine(_folder.FullName, Tea), ContractDocument.Write(ContractDocument.Split(Broken(), ["tea", "pot"])["tea"]));

        Assert.Equal("request-property-removed", Assert.Single(_files.Unrecorded(former)[Tea]).Kind);
    }

    [Fact]
    public void A_recorded_break_passes_once()
    {
        _files.Save(Sample.Document(), null, Today);
        var former = Former();
        _files.Save(Broken(), "Nobody sent it.", Today);
        Assert.Empty(_files.Unrecorded(former));

        // The record of last time says nothing about this time.
        _files.Save(Sample.Document(), null, Today);
        var later = Former();
        File.WriteAllText(Path.Combine(_folder.FullName, Tea), ContractDocument.Write(ContractDocument.Split(Broken(), ["tea", "pot"])["tea"]));

        Assert.NotEmpty(_files.Unrecorded(later));
    }

    [Fact]
    public void A_module_that_is_gone_took_its_operations_from_clients()
    {
        _files.Save(Sample.Document(), null, Today);
        var former = Former();
        Directory.Delete(Path.Combine(_folder.FullName, "modules/Tea"), recursive: true);

        Assert.Equal(["operation-removed"], _files.Unrecorded(former)[Tea].Select(static change => change.Kind).Distinct());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public void What_is_no_description_is_refused(string text) => Assert.Throws<FormatException>(() => ContractDocument.Read(text));

    private static JsonObject Broken() => Sample.Changed(static document => document.Schema("NewTea").Object("properties").Remove("note"));

    private string Text(string path) => File.ReadAllText(Path.Combine(_folder.FullName, path));

    private Dictionary<string, string> Former() => Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_folder.FullName, path)).Where(ContractFiles.IsKept).ToDictionary(static path => path, Text);
}
