using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Tests;

public sealed class ModuleCatalogTests
{
    [Fact]
    public void Modules_come_after_the_modules_they_depend_on()
    {
        var catalog = ModuleCatalog.From([Define("zebra", "ant"), Define("ant")], Configuration());

        Assert.Equal(["ant", "zebra"], catalog.Modules.Select(module => module.Name));
    }

    [Fact]
    public void A_module_that_is_switched_off_is_left_out()
    {
        var catalog = ModuleCatalog.From([Define("one"), Define("two")], Configuration(("Modules:two:Enabled", "false")));

        Assert.Equal(["one"], catalog.Modules.Select(module => module.Name));
        Assert.Equal(["two"], catalog.Disabled);
    }

    [Fact]
    public void The_host_refuses_to_start_when_an_enabled_module_needs_a_disabled_one()
    {
        var refused = Assert.Throws<ModuleConfigurationException>(
            () => ModuleCatalog.From([Define("shop", "stock"), Define("stock")], Configuration(("Modules:stock:Enabled", "false"))));

        Assert.Contains("'shop' needs module 'stock', which is switched off", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Modules:stock:Enabled", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_refuses_to_start_when_a_needed_module_is_missing()
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => ModuleCatalog.From([Define("shop", "stock")], Configuration()));

        Assert.Contains("not part of this host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_that_need_each_other_are_refused_with_the_circle()
    {
        var refused = Assert.Throws<ModuleConfigurationException>(
            () => ModuleCatalog.From([Define("egg", "hen"), Define("hen", "egg")], Configuration()));

        Assert.Contains("egg → hen → egg", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_modules_of_one_name_are_refused()
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => ModuleCatalog.From([Define("same"), Define("same")], Configuration()));

        Assert.Contains("'same'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Catalog")]
    [InlineData("a-b")]
    [InlineData("x")]
    [InlineData("catalog\"; drop schema public; --")]
    public void A_name_that_cannot_be_a_schema_is_refused(string name) =>
        Assert.Throws<InvalidOperationException>(() => ModuleCatalog.From([Define(name)], Configuration()));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    // A module in an assembly of its own, as the host sees it.
    private static AssemblyBuilder Define(string name, params string[] dependsOn)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Module." + Guid.NewGuid().ToString("N")), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("m").DefineType("TheModule", TypeAttributes.Public | TypeAttributes.Class);
        type.AddInterfaceImplementation(typeof(IModule));
        var configure = type.DefineMethod(nameof(IModule.Configure), MethodAttributes.Public | MethodAttributes.Virtual, null, [typeof(Platform.Modules.ModuleBuilder)]);
        configure.GetILGenerator().Emit(OpCodes.Ret);
        var attribute = typeof(ModuleAttribute);
        type.SetCustomAttribute(new CustomAttributeBuilder(
            attribute.GetConstructor([typeof(string)])!, [name],
            [attribute.GetProperty(nameof(ModuleAttribute.Owner))!, attribute.GetProperty(nameof(ModuleAttribute.Purpose))!, attribute.GetProperty(nameof(ModuleAttribute.DependsOn))!],
            ["team", "purpose", dependsOn]));
        type.CreateType();
        return assembly;
    }
}
