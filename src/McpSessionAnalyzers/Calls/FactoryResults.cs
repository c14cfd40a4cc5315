using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>What the factory of a registration hands out: its results, through branches and the locals that hold them.</summary>
internal static class FactoryResults
{
    private static readonly TypeNames Activators = new("Microsoft.Extensions.DependencyInjection.ActivatorUtilities");

    /// <summary>The results of a lambda, a local function or the body of a method; nothing for a method group, which has its body elsewhere.</summary>
    public static IReadOnlyList<IOperation> Of(IOperation factory)
    {
        var results = new List<IOperation>();
        var function = FunctionOf(factory);
        if (function is not (IAnonymousFunctionOperation or ILocalFunctionOperation or IMethodBodyOperation))
        {
            return results;
        }

        var locals = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var pending = new Stack<IOperation>(function.Descendants()
            .OfType<IReturnOperation>()
            .Where(r => Enclosing(r) == function && r.ReturnedValue is not null)
            .Select(static r => r.ReturnedValue!));
        while (pending.Count > 0)
        {
            switch (Unconverted(pending.Pop()))
            {
                case IConditionalOperation conditional:
                    pending.Push(conditional.WhenTrue);
                    if (conditional.WhenFalse is { } otherwise)
                    {
                        pending.Push(otherwise);
                    }

                    break;
                case ICoalesceOperation coalesce:
                    pending.Push(coalesce.Value);
                    pending.Push(coalesce.WhenNull);
                    break;
                case ISwitchExpressionOperation choice:
                    foreach (var arm in choice.Arms)
                    {
                        pending.Push(arm.Value);
                    }

                    break;
                case ILocalReferenceOperation { Local: var local } when locals.Contains(local):
                    break;
                case ILocalReferenceOperation { Local: var local } when ValuesOf(local, function).ToList() is { Count: > 0 } values:
                    locals.Add(local);
                    values.ForEach(pending.Push);
                    break;
                case var result:
                    results.Add(result);
                    break;
            }
        }

        return results;
    }

    /// <summary>The types of those results that the factory makes anew.</summary>
    public static IEnumerable<ITypeSymbol> CreatedBy(IEnumerable<IOperation> results) =>
        results.Where(IsCreation).Select(static result => result.Type).OfType<ITypeSymbol>();

    /// <summary>The lambda or method group behind a delegate.</summary>
    public static IOperation FunctionOf(IOperation factory) => factory is IDelegateCreationOperation creation ? creation.Target : factory;

    public static IOperation Unconverted(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                default:
                    return value;
            }
        }
    }

    private static bool IsCreation(IOperation value) =>
        value is IObjectCreationOperation ||
        (value is IInvocationOperation { TargetMethod: { Name: "CreateInstance" } target } && Activators.Contains(target.ContainingType));

    /// <summary>The values that a local of the function is given.</summary>
    public static IEnumerable<IOperation> ValuesOf(ILocalSymbol local, IOperation function)
    {
        foreach (var operation in function.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) && declarator.GetVariableInitializer() is { } initializer:
                    yield return initializer.Value;
                    break;
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when SymbolEqualityComparer.Default.Equals(target.Local, local):
                    yield return assignment.Value;
                    break;
            }
        }
    }

    private static IOperation? Enclosing(IOperation operation)
    {
        var current = operation.Parent;
        while (current is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation or IMethodBodyOperation))
        {
            current = current.Parent;
        }

        return current;
    }
}
