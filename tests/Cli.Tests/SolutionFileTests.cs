using System.Text.RegularExpressions;
using ModularMonolith.Cli.Modules;

namespace ModularMonolith.Cli.Tests;

/// <summary>Projects are added to the solution as the .NET SDK adds them: those that are there were added by it.</summary>
public sealed partial class SolutionFileTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void A_module_is_in_the_solution_as_those_that_the_SDK_has_added()
    {
        _repository.Add("Raffles");

        // The SDK adds a section's lines at its end; between those of this module stands nothing else.
        Assert.Equal(LinesOf("Returns"), LinesOf("Raffles"));
        Assert.True(LinesOf("Raffles").Count > 40, "The solution has hardly a line about the module.");
    }

    [Fact]
    public void What_was_in_the_solution_stays_in_its_place()
    {
        var before = _repository.SolutionText.Split('\n');

        _repository.Add("Raffles");

        var left = _repository.SolutionText.Split('\n').ToList();
        Assert.All(before, line => Assert.True(left.Remove(line), line));
        Assert.Equal(before, Without(_repository.SolutionText.Split('\n'), left));
    }

    [Fact]
    public void Projects_that_are_in_it_are_not_added_again()
    {
        _repository.Add("Raffles");
        var once = _repository.SolutionText;

        Assert.Equal(once, SolutionFile.Add(once, ["modules/Raffles/Raffles/Raffles.csproj", "modules/Raffles/Raffles.Tests/Raffles.Tests.csproj"]));
    }

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    public void Line_breaks_and_the_mark_at_the_beginning_stay(string lineBreak, bool hasMark)
    {
        var path = Path.Combine(_repository.Root, "ModularMonolith.sln");
        File.WriteAllText(path, _repository.SolutionText.ReplaceLineEndings(lineBreak), new System.Text.UTF8Encoding(hasMark));

        _repository.Add("Raffles");

        var bytes = File.ReadAllBytes(path);
        Assert.Equal(hasMark, bytes[0] == 0xEF);
        Assert.Equal(lineBreak == "\r\n", _repository.SolutionText.Contains('\r', StringComparison.Ordinal));
        Assert.Equal(_repository.SolutionText.Count(static letter => letter == '\n'), _repository.SolutionText.Split(lineBreak).Length - 1);
    }

    [Fact]
    public void Projects_of_two_modules_have_different_ids()
    {
        _repository.Add("Raffles");
        _repository.Add("Vouchers");

        var ids = Entry().Matches(_repository.SolutionText).Select(static match => match.Groups[1].Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void The_first_module_of_all_gets_its_folders()
    {
        const string Empty = "Microsoft Visual Studio Solution File, Format Version 12.00\nGlobal\n\tGlobalSection(SolutionConfigurationPlatforms) = preSolution\n\t\tDebug|Any CPU = Debug|Any CPU\n\tEndGlobalSection\nEndGlobal\n";

        var text = SolutionFile.Add(Empty, ["modules/Raffles/Raffles/Raffles.csproj"]);

        Assert.Equal(["modules", "Raffles", "Raffles"], Regex.Matches(text, "= \"(\\w+)\",").Select(static match => match.Groups[1].Value));
        Assert.Contains("Debug|Any CPU.Build.0 = Debug|Any CPU\n", text, StringComparison.Ordinal);
        Assert.Contains("\tGlobalSection(NestedProjects) = preSolution\n", text, StringComparison.Ordinal);
    }

    // The lines about a module, with numbers in place of its ids and a word in place of its name.
    private List<string> LinesOf(string module)
    {
        var lines = _repository.SolutionText.Split('\n');
        var ids = lines.Where(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains($"\"{module}", StringComparison.Ordinal)).Select(static line => Entry().Match(line).Groups[1].Value).ToList();
        return
        [
            .. lines.Where(line => ids.Exists(id => line.Contains(id, StringComparison.Ordinal)))
                .Select(line => ids.Index().Aggregate(line, static (text, id) => text.Replace(id.Item, $"id {id.Index}", StringComparison.Ordinal)).Replace(module, "Module", StringComparison.Ordinal)),
        ];
    }

    private static List<string> Without(string[] lines, List<string> added)
    {
        var left = new List<string>(added);
        return [.. lines.Reverse().Where(line => !left.Remove(line)).Reverse()];
    }

    [GeneratedRegex("""^Project\([^\n]*"(\{[^"]*\})"$""", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
