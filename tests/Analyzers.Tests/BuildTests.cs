using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>That the build gives every module the analyzer, without a change anywhere else.</summary>
public sealed partial class BuildTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly string Configuration = typeof(BuildTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("boundaries-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_project_of_every_module_is_compiled_with_the_analyzer_and_tests_are_not()
    {
        var shown = await ShowAsync([]);

        var modules = Directory.GetFiles(Path.Combine(Repository.Root, "modules"), "*.csproj", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Repository.Root, path)).ToList();
        Assert.NotEmpty(modules);
        Assert.Equal(
            modules.Order(StringComparer.Ordinal).Select(static path =>
                path + " " + (path.EndsWith(".Tests.csproj", StringComparison.Ordinal) ? string.Empty
                    : $"Analyzers,Analyzers.CodeFixes {path.Split(Path.DirectorySeparatorChar)[1]} {(path.EndsWith(".Contracts.csproj", StringComparison.Ordinal) ? "Contracts" : "Slice")}")),
            shown);
    }

    [Fact]
    public async Task BoundaryAnalyzer_false_switches_it_off() => Assert.All(await ShowAsync(["-p:BoundaryAnalyzer=false"]), static line => Assert.EndsWith(".csproj ", line, StringComparison.Ordinal));

    [Fact]
    public async Task A_module_that_is_only_a_folder_is_checked_by_its_place_and_by_the_names_of_all_modules()
    {
        CopyBuild();
        await WriteAsync("modules/Racks/Racks/Racks.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        await WriteAsync("modules/Racks/Racks/RacksModule.cs", "[Module(\n    \"shelves\", Owner = \"team\")]");
        await WriteAsync("modules/Tea/Tea/Tea.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <InternalsVisibleTo Include="ModularMonolith.Racks" />
              </ItemGroup>
            </Project>
            """);
        await WriteAsync("modules/Tea/Tea/Pot.cs", """
            namespace ModularMonolith.Tea;

            internal sealed class Pot
            {
                public System.DateTime Read() => System.DateTime.UtcNow;

                public string[] All() => ["select * from shelves.shelf", "select * from racks.shelf", "select * from tea.pot"];
            }
            """);

        var output = await RunAsync("build", "modules/Tea/Tea/Tea.csproj", "-c", Configuration, "-p:BuildProjectReferences=false", "-p:RestoreRecursive=false", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v", "quiet");

        var found = ReportedPlace().Matches(output).Select(static place => place.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.True(found.SequenceEqual(["CSC : error MM0018: Tea shows the internals of ModularMonolith.Tea to ModularMonolith.Racks", "Pot.cs(5,38): error MM0009", "Pot.cs(7,46): error MM0013"]), output);
    }

    /// <summary>What the build says of each project below modules: its analyzers among the projects that it refers to, its module and its part.</summary>
    private async Task<IEnumerable<string>> ShowAsync(string[] arguments)
    {
        await WriteAsync("show.targets", """
            <Project>
              <Target Name="ShowBoundaries">
                <ItemGroup>
                  <_Shown Include="@(ProjectReference->WithMetadataValue('OutputItemType', 'Analyzer')->'%(Filename)')" />
                  <_Line Include="$(MSBuildProjectFullPath)" Text="@(_Shown, ',') $(BoundaryModule) $(BoundaryPart)" />
                </ItemGroup>
                <WriteLinesToFile File="$(ShowTo)/$(MSBuildProjectName).shown" Lines="@(_Line->'%(Identity) %(Text)')" Overwrite="true" />
              </Target>
            </Project>
            """);
        await WriteAsync("all.proj", """
            <Project>
              <ItemGroup>
                <Module Include="$(Root)/modules/*/*/*.csproj" />
              </ItemGroup>
              <Target Name="Show">
                <MSBuild Projects="@(Module)" Targets="ShowBoundaries" Properties="CustomAfterMicrosoftCommonTargets=$(ShowTo)/show.targets;ShowTo=$(ShowTo)" />
              </Target>
            </Project>
            """);
        await RunAsync(["msbuild", "all.proj", "-t:Show", $"-p:Root={Repository.Root}", $"-p:ShowTo={_folder.FullName}", "-nodeReuse:false", .. arguments]);
        return _folder.GetFiles("*.shown").Select(static file => File.ReadAllText(file.FullName).TrimEnd('\n', '\r'))
            .Select(static line => Path.GetRelativePath(Repository.Root, line[..line.IndexOf(' ', StringComparison.Ordinal)]) + " " + line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim()).Order(StringComparer.Ordinal);
    }

    private void CopyBuild()
    {
        foreach (var file in Directory.GetFiles(Repository.Root, "Directory.*").Append(Path.Combine(Repository.Root, "global.json")))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        // The analyzers as they are built already: other builds use those of the checkout at the same time.
        foreach (var project in new[] { "Analyzers", "Analyzers.CodeFixes" })
        {
            foreach (var file in new[] { $"{project}.csproj", $"bin/{Configuration}/netstandard2.0/ModularMonolith.{project}.dll" })
            {
                var copy = Path.Combine(_folder.FullName, "src", project, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(Repository.Root, "src", project, file), copy);
            }
        }
    }

    private async Task WriteAsync(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        await File.WriteAllTextAsync(full, text);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        // The tests' own MSBuild must not be mistaken for that of the process.
        foreach (var variable in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) && name != "MSBUILDDISABLENODEREUSE").ToList())
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return await output + await errors;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    [GeneratedRegex(@"Pot\.cs\(\d+,\d+\): error MM\d{4}|CSC : error MM0018: Tea shows the internals of ModularMonolith\.Tea to [\w]+\.[\w]+")]
    private static partial Regex ReportedPlace();
}
