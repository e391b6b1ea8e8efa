using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>Ways in which a project file can bring along what it must not.</summary>
public sealed class ProjectReadingTests : IDisposable
{
    private const string Slice = "modules/Orders/Orders/Orders.csproj";

    private readonly string _root = Directory.CreateTempSubdirectory("projects-").FullName;

    public ProjectReadingTests()
    {
        Write("modules/Stock/Stock/Stock.csproj", "<Project />");
        Write("modules/Stock/Stock/Shelf.cs", "namespace Stock;\n\ninternal sealed class Shelf;\n");
        Write("modules/Stock/Stock.Contracts/Stock.Contracts.csproj", "<Project />");
        Write("src/Platform/Platform.csproj", "<Project />");
    }

    public static TheoryData<string, string> Slips => new()
    {
        { """<ProjectReference Include="../../Stock/Stock/Stock.csproj" />""", "refers to Stock" },
        { """<ProjectReference Include="..\..\Stock\Stock\Stock.csproj" />""", "refers to Stock" },
        { """<ProjectReference Include="../../*/*/*.csproj" Exclude="../../*/*.Contracts/*.csproj" />""", "refers to Stock" },
        { """<ProjectReference Include="../../**/Stock.csproj" />""", "refers to Stock" },
        { """<ProjectReference Include="$(MSBuildThisFileDirectory)../../Stock/Stock/Stock.csproj" />""", "refers to Stock" },
        { """<ProjectReference Include="$(Unknown)/Stock/Stock.csproj" />""", "refers to Stock" },
        { """<Reference Include="Stock"><HintPath>../../Stock/Stock/bin/Debug/net10.0/Stock.dll</HintPath></Reference>""", "refers to Stock" },
        { """<Reference Include="../../Stock/Stock/bin/Debug/net10.0/Stock.dll" />""", "refers to Stock" },
        { """<Compile Include="../../Stock/Stock/Shelf.cs" Link="Shelf.cs" />""", "compiles modules/Stock/Stock/Shelf.cs of Stock" },
        { """<Compile Include="../../Stock/**/*.cs" />""", "compiles modules/Stock/**/*.cs of Stock" },
    };

    public static TheoryData<string> LookAlikes => new()
    {
        """<ProjectReference Include="../../Stock/Stock.Contracts/Stock.Contracts.csproj" />""",
        """<ProjectReference Include="../../*/*.Contracts/*.csproj" />""",
        """<ProjectReference Include="../../../src/Platform/Platform.csproj" />""",
        """<ProjectReference Include="../../Stock/Stock/Stock.csproj" Condition="'$(IsTestProject)' == 'true'" />""",
        """<Compile Include="../Shared/Words.cs" />""",
        """<Compile Remove="../../Stock/Stock/Shelf.cs" />""",
        """<!-- <ProjectReference Include="../../Stock/Stock/Stock.csproj" /> -->""",
        """<None Include="../../Stock/Stock/Shelf.cs" />""",
        """<Reference Include="Stockpile" />""",
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_project_that_reaches_into_another_module_is_found_at_its_line(string item, string what)
    {
        Write(Slice, $"<Project>\n  <ItemGroup>\n    {item}\n  </ItemGroup>\n</Project>");
        var finding = Assert.Single(Find(ReferenceRules.ModuleReferences));
        Assert.Equal(("Orders", what), (finding.From, finding.What));
        Assert.Equal((Slice, 3, 5), (finding.Span!.File, finding.Span.Line, finding.Span.Column));
    }

    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void A_project_that_only_looks_as_if_it_did_is_not_found(string item)
    {
        Write(Slice, $"<Project>\n  <ItemGroup>\n    {item}\n  </ItemGroup>\n</Project>");
        Assert.Empty(Find(ReferenceRules.ModuleReferences));
    }

    [Theory]
    [InlineData("modules/Orders/Directory.Build.props")]
    [InlineData("modules/Orders/Orders/Directory.Build.targets")]
    [InlineData("modules/Orders/Orders/Orders.csproj.user")]
    [InlineData("modules/Orders/Orders/more.props")]
    public void What_the_build_adds_to_a_project_is_read_with_it(string file)
    {
        Write(Slice, """<Project><Import Project="more.props" Condition="Exists('more.props')" /></Project>""");
        Write(file, "<Project>\n  <ItemGroup>\n    <ProjectReference Include=\"../../Stock/Stock/Stock.csproj\" />\n  </ItemGroup>\n</Project>");
        var finding = Assert.Single(Find(ReferenceRules.ModuleReferences));
        Assert.Equal((file, 3), (finding.Span!.File, finding.Span.Line));
    }

    [Fact]
    public void A_file_of_another_module_is_not_imported()
    {
        Write(Slice, """<Project><Import Project="../../Stock/stock.props" /></Project>""");
        Assert.Equal("imports modules/Stock/stock.props of Stock", Assert.Single(Find(ReferenceRules.ModuleReferences)).What);
    }

    [Fact]
    public void A_property_that_hides_the_path_is_followed()
    {
        Write(Slice, "<Project>\n<PropertyGroup><Neighbour>../../Stock/Stock/Stock.csproj</Neighbour></PropertyGroup>\n<ItemGroup><ProjectReference Include=\"$(Neighbour)\" /></ItemGroup>\n</Project>");
        Assert.Equal("refers to Stock", Assert.Single(Find(ReferenceRules.ModuleReferences)).What);
    }

    [Theory]
    [InlineData("""<PackageReference Include="Dapper" />""", "Orders: refers to the package Dapper")]
    [InlineData("""<PackageReference Include="Marten;Dapper" />""", "Orders: refers to the package Dapper")]
    public void A_package_that_the_module_may_not_use_is_found_at_its_line(string item, string expected)
    {
        Write(Slice, $"<Project>\n  <ItemGroup>\n    {item}\n  </ItemGroup>\n</Project>");
        var finding = Assert.Single(Find(PackageRules.PackagePolicy));
        Assert.Equal(expected, finding.ToString());
        Assert.Equal(3, finding.Span!.Line);
    }

    [Theory]
    [InlineData("Stock", 1)]
    [InlineData("Orders.Tests", 0)]
    [InlineData("Marten.DynamicStores", 0)]
    [InlineData("Stock.Tests", 1)]
    public void Internals_are_shown_to_the_own_tests_only(string friend, int findings)
    {
        Write(Slice, $"<Project><ItemGroup><InternalsVisibleTo Include=\"{friend}, PublicKey=00\" /></ItemGroup></Project>");
        Assert.Equal(findings, Find(FriendRules.InternalsStayInternal).Count);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private IReadOnlyList<Finding> Find(Rule rule) =>
        rule.FindIn(new RuleContext(Repository.Open(_root).Read(useCache: false), Policy.Default with { Platform = ["Platform"], Layers = new Dictionary<string, IReadOnlyList<string>> { ["Platform"] = [] } }));

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
