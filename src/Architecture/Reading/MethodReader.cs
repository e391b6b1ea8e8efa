using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads one method's body: what it uses, and the texts that it puts together.</summary>
internal sealed class MethodReader(MethodDefinition method, TypeNames names, Symbols symbols, FieldTexts fieldTexts)
{
    private readonly HashSet<(EdgeKind, TypeName, string?, SourceSpan?)> _seen = [];
    private readonly TextStack _stack = new(method, fieldTexts);
    private readonly Dictionary<int, SourceSpan?> _stored = [];
    private List<Use> _uses = [];
    private SourceSpan? _span;

    /// <summary>The first statement.</summary>
    public SourceSpan? Place { get; private set; }

    public void Read(List<Use> uses, List<TextUse> texts)
    {
        _uses = uses;
        var points = method.DebugInformation.HasSequencePoints ? method.DebugInformation.SequencePoints : null;
        Place = points?.FirstOrDefault(static point => !point.IsHidden) is { } first ? symbols.Span(first) : null;
        _span = Place;
        var next = 0;
        var targets = Targets(method.Body);
        var catches = method.Body.HasExceptionHandlers ? method.Body.ExceptionHandlers.Where(static handler => handler.CatchType is not null).ToLookup(static handler => handler.HandlerStart) : null;
        foreach (var instruction in method.Body.Instructions)
        {
            while (points is not null && next < points.Count && points[next].Offset <= instruction.Offset)
            {
                if (!points[next].IsHidden)
                {
                    _span = symbols.Span(points[next]);
                }

                next++;
            }

            if (targets.Contains(instruction))
            {
                _stack.Meet(instruction);
            }

            foreach (var handler in catches?[instruction] ?? [])
            {
                Add(EdgeKind.Catch, handler.CatchType);
                _stack.Catch();
            }

            // A local variable stands where it is given its first value.
            if (Stored(instruction) is { } variable)
            {
                _stored.TryAdd(variable, _span);
            }

            Visit(instruction);
            _stack.Step(instruction, _span);
        }

        foreach (var variable in method.Body.Variables)
        {
            Add(EdgeKind.TypeUse, variable.VariableType, _stored.GetValueOrDefault(variable.Index, Place));
        }

        _stack.Emit(texts);
    }

    private void Visit(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case MethodReference called:
                Call(instruction, called);
                break;
            case FieldReference field when !IsGenerated(field.DeclaringType):
                var code = instruction.OpCode.Code;
                Record(new Use(EdgeKind.Call, names.Of(field.DeclaringType), field.Name, [], code is Code.Stfld or Code.Stsfld ? _stack.Arguments(1) : [], _span) { Writes = code is Code.Stfld or Code.Stsfld });
                break;
            case TypeReference type:
                // A filter asks first whether the exception is of the type that is caught.
                Add(method.Body.HasExceptionHandlers && method.Body.ExceptionHandlers.Any(handler => handler.FilterStart == instruction) ? EdgeKind.Catch : EdgeKind.TypeUse, type);
                break;
        }

        if (ArrayWrites.Field(instruction) is { } array)
        {
            Record(new Use(EdgeKind.Call, names.Of(array.DeclaringType), array.Name, [], [], _span) { Writes = true });
        }
    }

    private static int? Stored(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Stloc_0 => 0,
        Code.Stloc_1 => 1,
        Code.Stloc_2 => 2,
        Code.Stloc_3 => 3,
        Code.Stloc or Code.Stloc_S or Code.Ldloca or Code.Ldloca_S => ((VariableDefinition)instruction.Operand).Index,
        _ => null,
    };

    // What an async method answers is said by its signature, and by the statement that answers it.
    private static bool IsBuilder(TypeReference type) => type.Namespace == "System.Runtime.CompilerServices" && type.Name.Contains("MethodBuilder", StringComparison.Ordinal) && type.Name != "AsyncVoidMethodBuilder";

    private void Call(Instruction instruction, MethodReference called)
    {
        if (IsBuilder(called.DeclaringType))
        {
            return;
        }

        if (IsGenerated(called.DeclaringType) || called.Name.StartsWith('<'))
        {
            if (called is GenericInstanceMethod { DeclaringType: var owner } local && owner == method.DeclaringType)
            {
                foreach (var argument in local.GenericArguments)
                {
                    Add(EdgeKind.GenericArgument, argument);
                }
            }

            return;
        }

        var arguments = called is GenericInstanceMethod generic ? generic.GenericArguments.Select(names.Of).ToArray() : [];
        var isCall = instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj;
        Record(new Use(EdgeKind.Call, names.Of(Declaring(instruction, called)), called.Name, arguments, isCall ? _stack.Arguments(called.Parameters.Count) : [], _span)
        {
            ParameterCount = called.Parameters.Count,
            Creates = instruction.OpCode.Code == Code.Newobj,
            IsAwait = called.Name == "GetResult" && IsAwait(instruction),
            TakesTimeProvider = TakesTimeProvider(called),
            ReachesHidden = ReachesHidden(instruction, called),
            Polls = Polls(instruction, called),
        });
    }

    // BindingFlags.NonPublic is 32.
    private static bool ReachesHidden(Instruction instruction, MethodReference called)
    {
        for (var i = 0; i < called.Parameters.Count; i++)
        {
            if (called.Parameters[i].ParameterType is { Name: "BindingFlags", Namespace: "System.Reflection" } && ArrayWrites.Producer(instruction, called.Parameters.Count - 1 - i) is { } flags)
            {
                return flags.Operand switch
                {
                    int number => (number & 32) != 0,
                    sbyte small => (small & 32) != 0,
                    _ => false,
                };
            }
        }

        return false;
    }

    // Of what GetType is asked, not who declares it: reflection that starts there is about that type.
    private TypeReference Declaring(Instruction instruction, MethodReference called) =>
        called is { Name: "GetType", DeclaringType: { Name: "Object", Namespace: "System" } } && ArrayWrites.Producer(instruction, 0) is { } value && Pushed(value) is { } type ? type : called.DeclaringType;

    private TypeReference? Pushed(Instruction value) => value.Operand switch
    {
        ParameterDefinition parameter => parameter.ParameterType,
        VariableDefinition variable => variable.VariableType,
        FieldReference field => field.FieldType,
        MethodReference made when value.OpCode.Code == Code.Newobj => made.DeclaringType,
        MethodReference { DeclaringType: not GenericInstanceType } made and not GenericInstanceMethod => made.ReturnType,
        _ => value.OpCode.Code switch
        {
            Code.Ldarg_0 => method.HasThis ? method.DeclaringType : Argument(0),
            Code.Ldarg_1 => Argument(method.HasThis ? 0 : 1),
            Code.Ldarg_2 => Argument(method.HasThis ? 1 : 2),
            Code.Ldarg_3 => Argument(method.HasThis ? 2 : 3),
            Code.Ldloc_0 or Code.Ldloc_1 or Code.Ldloc_2 or Code.Ldloc_3 => method.Body.Variables[value.OpCode.Code - Code.Ldloc_0].VariableType,
            _ => null,
        },
    };

    private TypeReference? Argument(int index) => index < method.Parameters.Count ? method.Parameters[index].ParameterType : null;

    private static bool Polls(Instruction instruction, MethodReference called)
    {
        if (called.Parameters.Count == 0 || called.DeclaringType.Namespace != "System.Threading" || called.Parameters[0].ParameterType is not { Namespace: "System", Name: "Int32" or "TimeSpan" })
        {
            return false;
        }

        return ArrayWrites.Producer(instruction, called.Parameters.Count - 1) is { } time
            && (time.OpCode.Code == Code.Ldc_I4_0 || time.Operand is FieldReference { Name: "Zero", DeclaringType.Name: "TimeSpan" });
    }

    private static bool TakesTimeProvider(MethodReference called)
    {
        foreach (var parameter in called.Parameters)
        {
            if (parameter.ParameterType is { Name: "TimeProvider", Namespace: "System" })
            {
                return true;
            }
        }

        return false;
    }

    private void Add(EdgeKind kind, TypeReference type, SourceSpan? span = null)
    {
        var name = names.Of(type);
        if (!name.IsParameter && !(name.Arguments.Count == 0 && IsPlain(name)) && !name.FullName.Contains('<', StringComparison.Ordinal))
        {
            Record(new Use(kind, name, null, [], [], span ?? _span));
        }
    }

    private void Record(Use use)
    {
        // What is known of the arguments, or said by the type arguments, must not be lost with a repetition.
        if (use.Texts.Count > 0 || use.MemberArguments.Count > 0 || use.Writes || use.Creates || use.Member == "GetResult" || _seen.Add((use.Kind, use.Target, use.Member, use.Span)))
        {
            _uses.Add(use);
        }
    }

    private static bool IsPlain(TypeName name) => name.FullName is "System.Object" or "System.String" or "System.Boolean" or "System.Int32" or "System.Int64" or "System.Byte" or "System.Char" or "System.Double" or "System.Void";

    private static bool IsGenerated(TypeReference type) => type.Name.StartsWith('<') || type.DeclaringType?.Name.StartsWith('<') == true;

    // An await asks whether the task is complete before it takes the result; a blocking call takes it right after GetAwaiter.
    private bool IsAwait(Instruction instruction)
    {
        if (method.DeclaringType.Interfaces.All(static contract => contract.InterfaceType.Name != "IAsyncStateMachine"))
        {
            return false;
        }

        for (var before = instruction.Previous; before is not null; before = before.Previous)
        {
            if (before.Operand is MethodReference called)
            {
                return called.Name != "GetAwaiter";
            }
        }

        return true;
    }

    private static HashSet<Instruction> Targets(MethodBody body)
    {
        var targets = new HashSet<Instruction>(ReferenceEqualityComparer.Instance as IEqualityComparer<Instruction>);
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
            {
                targets.Add(target);
            }
            else if (instruction.Operand is Instruction[] many)
            {
                targets.UnionWith(many);
            }
        }

        return targets;
    }
}
