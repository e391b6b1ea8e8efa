using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>An analyzer of the code that people write in modules. In other projects it does nothing.</summary>
internal abstract class BoundaryAnalyzer : DiagnosticAnalyzer
{
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ModulePlace.Of(start.Compilation, start.Options) is { } place)
            {
                Start(start, place);
            }
        });
    }

    /// <summary>Says what of a compilation is looked at.</summary>
    protected abstract void Start(CompilationStartAnalysisContext context, ModulePlace place);
}
