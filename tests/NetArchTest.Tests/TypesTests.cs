using System.Reflection;
using System.Reflection.Emit;
using ModularMonolith.NetArchTest.Tests.Fixtures.Kinds;
using Mono.Cecil;
using NetArchTest.Rules;
using static ModularMonolith.NetArchTest.Tests.Selected;
using TypeAttributes = Mono.Cecil.TypeAttributes;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class TypesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netarchtest-").FullName;

    private static Assembly ThisAssembly => typeof(TypesTests).Assembly;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_current_domain_holds_what_is_loaded_but_platform_and_test_libraries()
    {
        var types = Types.InCurrentDomain().GetTypes().ToList();

        Assert.Contains(typeof(PublicClass), types);
        Assert.DoesNotContain(types, type => type.Assembly.GetName().Name!.Split('.')[0] is "System" or "Microsoft" or "xunit");
    }

    [Fact]
    public void An_assembly_holds_its_types_and_nested_types()
    {
        var types = Types.InAssembly(ThisAssembly).GetTypes().ToList();

        Assert.Contains(typeof(Outer.NestedPublic), types);
        Assert.Contains(typeof(Systematic.Kept), types);
    }

    [Fact]
    public void Types_below_platform_and_test_namespaces_are_dropped()
    {
        var types = Types.InAssembly(ThisAssembly).GetTypes();

        Assert.DoesNotContain(types, type => type.Name == "Dropped");
    }

    [Fact]
    public void Compiler_generated_types_are_left_out()
    {
        Assert.Contains(ThisAssembly.GetTypes(), type => type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal));

        Assert.DoesNotContain(Types.InAssembly(ThisAssembly).GetTypes(), type => type.Name.StartsWith('<'));
    }

    [Fact]
    public void Several_assemblies_hold_the_types_of_each()
    {
        var types = Types.InAssemblies([ThisAssembly, typeof(TypeDefinition).Assembly]).GetTypes().ToList();

        Assert.Contains(typeof(PublicClass), types);
        Assert.Contains(typeof(Mono.Collections.Generic.Collection<>), types);
        Assert.DoesNotContain(typeof(TypeDefinition), types);
    }

    [Fact]
    public void A_namespace_is_searched_in_every_loaded_assembly_by_its_beginning()
    {
        Assert.Equal(["Archive", "Line", "Order"], Names(Types.InNamespace(Root + "shop.orders").GetTypes()));
        Assert.Throws<ArgumentException>(() => Types.InNamespace(""));
    }

    [Fact]
    public void A_file_beside_the_library_holds_its_types()
    {
        Assert.Equal(Types.InAssembly(ThisAssembly).GetTypes(), Types.FromFile(Path.GetFileName(ThisAssembly.Location)).GetTypes());
        Assert.Throws<FileNotFoundException>(() => Types.FromFile("missing.dll"));
        Assert.Throws<ArgumentException>(() => Types.FromFile(""));
    }

    [Fact]
    public void A_folder_holds_the_types_of_its_assembly_files()
    {
        File.Copy(ThisAssembly.Location, Path.Combine(_folder, "copy.dll"));
        File.Copy(typeof(FactAttribute).Assembly.Location, Path.Combine(_folder, "xunit.core.dll"));
        File.WriteAllText(Path.Combine(_folder, "native.dll"), "not an assembly");

        var types = Types.FromPath(_folder, [Path.GetDirectoryName(ThisAssembly.Location)!]).GetTypes();

        Assert.Equal(Types.InAssembly(ThisAssembly).GetTypes(), types);
        Assert.Throws<DirectoryNotFoundException>(() => Types.FromPath(Path.Combine(_folder, "missing")));
        Assert.Throws<ArgumentException>(() => Types.FromPath(""));
    }

    [Fact]
    public void Files_can_be_deleted_after_reading()
    {
        var file = Path.Combine(_folder, "copy.dll");
        File.Copy(ThisAssembly.Location, file);
        var rule = Types.FromPath(_folder).That().Inherit(typeof(Attribute)).Should().BeSealed();

        File.Delete(file);

        Assert.False(rule.GetResult().IsSuccessful);
    }

    [Fact]
    public void Types_that_cannot_be_loaded_are_still_named()
    {
        WriteLibrary(_folder, "Elsewhere", typeof(object));

        var result = Types.FromPath(_folder).Should().BeSealed().GetResult();

        Assert.Equal(["Elsewhere.Thing"], result.FailingTypeNames);
        Assert.Throws<FileNotFoundException>(() => result.FailingTypes);
    }

    [Fact]
    public void References_are_found_in_search_directories()
    {
        var far = Directory.CreateDirectory(Path.Combine(_folder, "far")).FullName;
        var near = Directory.CreateDirectory(Path.Combine(_folder, "near")).FullName;
        var middle = WriteLibrary(far, "FarLibrary", typeof(Exception));
        WriteLibrary(near, "NearLibrary", middle);

        Assert.True(Types.FromPath(near, [far]).Should().Inherit(typeof(Exception)).GetResult().IsSuccessful);
        Assert.Throws<AssemblyResolutionException>(() => Types.FromPath(near).Should().Inherit(typeof(Exception)).GetResult());
    }

    [Fact]
    public void An_assembly_without_a_file_is_refused_and_a_dynamic_one_is_empty()
    {
        var dynamicAssembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Dynamic"), AssemblyBuilderAccess.RunAndCollect);
        WriteLibrary(_folder, "Memory", typeof(object));
        var memory = Assembly.Load(File.ReadAllBytes(Path.Combine(_folder, "Memory.dll")));

        Assert.Empty(Types.InAssembly(dynamicAssembly).GetTypes());
        Assert.Contains("was not loaded from a file", Assert.Throws<ArgumentException>(() => Types.InAssembly(memory)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Types.InAssembly(null!));
    }

    private static TypeDefinition WriteLibrary(string folder, string name, Type ancestor) =>
        WriteLibrary(folder, name, module => module.ImportReference(ancestor));

    private static TypeDefinition WriteLibrary(string folder, string name, TypeReference ancestor) =>
        WriteLibrary(folder, name, module => module.ImportReference(ancestor));

    private static TypeDefinition WriteLibrary(string folder, string name, Func<ModuleDefinition, TypeReference> ancestor)
    {
        var library = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(name, new Version(1, 0)), name, ModuleKind.Dll);
        var type = new TypeDefinition(name, "Thing", TypeAttributes.Public, ancestor(library.MainModule));
        library.MainModule.Types.Add(type);
        library.Write(Path.Combine(folder, $"{name}.dll"));
        return type;
    }
}
