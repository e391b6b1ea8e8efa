using System.Reflection;
using Carter;
using FluentValidation;
using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using NetArchTest.Rules;
using Npgsql;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>How a use case is written: one file, one request, its validator, endpoint and handler.</summary>
internal static class UseCaseRules
{
    // The version in If-Match is compared and never stored; the platform has read it already.
    private const string ExpectedVersion = "ExpectedVersion";

    private static readonly Type[] RawData = [typeof(IDocumentStore), typeof(IDocumentSession), typeof(IQuerySession), typeof(NpgsqlDataSource), typeof(NpgsqlConnection), typeof(ModuleDataSources), typeof(DatabaseAddress)];

    public static readonly Rule HandlersUseOwnStore = new(
        "handlers-use-own-store",
        "A session that a handler gets from elsewhere is not saved with the command, or belongs to another module's data.",
        "Inject IModuleSession<TStore> with the module's own store marker; ask other modules with a request through ISender.",
        codebase => Outcome.Of(
            from slice in Slices(codebase)
            from type in slice.Types
            from constructor in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where IsHandler(type) || IsSession(parameter.ParameterType)
            select (type, parameter.ParameterType),
            pair => IsSession(pair.ParameterType)
                ? pair.ParameterType.GetGenericArguments()[0].Assembly == pair.type.Assembly ? [] : [new Finding(pair.type.Name, $"injects the session of {pair.ParameterType.GetGenericArguments()[0].FullName}")]
                : Array.Exists(RawData, raw => raw.IsAssignableFrom(pair.ParameterType)) ? [new Finding(pair.type.Name, $"injects {pair.ParameterType.Name}")] : []));

    public static readonly Rule EndpointsTakeServicesPerRequest = new(
        "endpoints-have-no-constructor-parameters",
        "An endpoint class is created once, when the routes are mapped; a service in its constructor would be shared by all requests.",
        "Take the service as a parameter of the route's handler.",
        codebase => Outcome.Of(
            Slices(codebase).SelectMany(slice => slice.Types).Where(type => type.IsClass && type.IsAssignableTo(typeof(ICarterModule))),
            type => type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []) is null ? [new Finding(type.Name, "has no parameterless constructor")] : []));

    public static readonly Rule CommandsAreValidated = new(
        "commands-are-validated",
        "A command carries what a client wrote. Without a validator, text without end or a negative quantity reaches the domain.",
        "Add an AbstractValidator for the command to its file; when its values are checked elsewhere, list it in Excuses.cs with the reason.",
        codebase => Outcome.Of(
            from module in codebase.Modules
            from request in Requests(module)
            where IsCommand(request) && !IsStep(module.Slice, request) && request.GetProperties().Any(property => property.Name != ExpectedVersion && IsFreeInput(property.PropertyType))
            select (module, request),
            pair => (pair.module.Slice?.Types ?? []).Any(type => type.IsAssignableTo(typeof(IValidator<>).MakeGenericType(pair.request))) ? [] : [new Finding(pair.request.Name, "has no validator")]));

    public static readonly Rule RequestsHaveOneHandler = new(
        "requests-have-one-handler",
        "A request without a handler compiles and fails when it is sent; with two, one of them is silently never called.",
        "Write the handler in the request's file, or remove the request.",
        codebase => Outcome.Of(
            codebase.Modules.SelectMany(module => Requests(module).Select(request => (module, request))),
            pair => (pair.module.Slice?.Types ?? []).Count(type => Handled(type).Contains(pair.request)) is var count && count == 1 ? [] : [new Finding(pair.request.Name, $"has {count} handlers")]));

    public static readonly Rule RequestsAreNotNested = new(
        "requests-are-not-nested",
        "A nested request has no name of its own in logs, traces and files.",
        "Put the request at the top of its file.",
        codebase => Outcome.Of(
            codebase.Modules.SelectMany(Requests),
            request => request.IsNested ? [new Finding(request.Name, "is nested in " + request.DeclaringType!.Name)] : []));

    public static readonly Rule OneRequestPerFile = new(
        "one-request-per-file",
        "A use case is added, read and removed as one file, which is found by its name.",
        "Give each request of the module a file of its own with its name; endpoint, validator and handler stand in the same one. Only a step of a use case that nothing outside its file sends may stand in the use case's file.",
        codebase => Outcome.Of(
            from slice in Slices(codebase)
            from type in slice.Types
            from request in type.IsAssignableTo(typeof(IBaseRequest)) ? [type] : Handled(type).Concat(Validated(type))
            let file = slice.FileOf(type)
            where file is not null && !IsStep(slice, request)
            select (type, request, file),
            pair => Path.GetFileNameWithoutExtension(pair.file) == pair.request.Name ? [] : [new Finding(pair.type.Name, $"stands in {pair.file}, not in {pair.request.Name}.cs")]));

    public static readonly Rule ReactionsHaveTheirFile = new(
        "reactions-have-their-file",
        "What a module does when something happens elsewhere is a use case like any other, found by its name.",
        "Give each event handler a file of its own with its name: WhenOrderPlaced.cs.",
        codebase => Outcome.Of(
            Slices(codebase).SelectMany(slice => slice.Types.Where(IsEventHandler).Select(type => (type, file: slice.FileOf(type)))).Where(pair => pair.file is not null),
            pair => Path.GetFileNameWithoutExtension(pair.file) == pair.type.Name ? [] : [new Finding(pair.type.Name, $"stands in {pair.file}")]));

    private static IEnumerable<CompiledAssembly> Slices(Codebase codebase) => codebase.Modules.Select(module => module.Slice).OfType<CompiledAssembly>();

    private static IEnumerable<Type> Requests(ModuleUnderTest module) =>
        new[] { module.Slice, module.Contracts }.OfType<CompiledAssembly>().SelectMany(assembly => assembly.Types)
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBaseRequest)));

    private static bool IsCommand(Type request) => Closes(request, typeof(ICommand<>)).Any();

    // A use case that needs more than one transaction sends itself a command for each: it stands in the file of a request of the same
    // module, and no code outside that file knows it. What the client wrote has been validated with the request.
    private static bool IsStep(CompiledAssembly? slice, Type request) =>
        slice?.FileOf(request) is { } file
        && slice.Types.Any(type => type.Name == Path.GetFileNameWithoutExtension(file) && type != request && type.IsAssignableTo(typeof(IBaseRequest)))
        && !request.IsNested
        && Types.InAssembly(slice.Assembly).That().HaveDependencyOn(request.FullName!).GetTypes().All(type => type == request || slice.FileOf(type) == file);

    // An id, a moment or a choice is right or wrong by its type; everything else has a range.
    private static bool IsFreeInput(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return !value.IsEnum && value != typeof(Guid) && value != typeof(bool) && value != typeof(DateTimeOffset);
    }

    private static bool IsHandler(Type type) => Handled(type).Any() || IsEventHandler(type);

    private static bool IsEventHandler(Type type) => type.IsClass && Closes(type, typeof(IHandle<>)).Any();

    private static bool IsSession(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IModuleSession<>);

    private static IEnumerable<Type> Handled(Type type) => Closes(type, typeof(IRequestHandler<,>)).Concat(Closes(type, typeof(IRequestHandler<>)));

    private static IEnumerable<Type> Validated(Type type) => Closes(type, typeof(IValidator<>)).Where(validated => validated.IsAssignableTo(typeof(IBaseRequest)));

    private static IEnumerable<Type> Closes(Type type, Type open) =>
        type.GetInterfaces().Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == open).Select(contract => contract.GetGenericArguments()[0]);
}
