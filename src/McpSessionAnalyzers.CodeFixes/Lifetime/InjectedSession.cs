using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// A shared session for instances that live for one call: the container keeps it as a singleton, and the constructor takes it. Their own fields end
/// with the call.
/// </summary>
internal sealed class InjectedSession
{
    private static readonly TypeNames Components = new("Microsoft.AspNetCore.Components.ComponentBase");

    private static readonly string[] TypeSuffixes = { "Controller", "Service", "Hub", "Agent", "Handler", "Consumer", "Model", "Functions", "Function", "Plugin", "Tools", "Tool", "Middleware" };

    // Empty for a service without a key.
    private string _key = "";

    private InjectedSession(INamedTypeSymbol type, ParameterListSyntax parameters, RegistrationSite site, InjectedValues values)
    {
        Type = type;
        Parameters = parameters;
        Site = site;
        Values = values;
    }

    public RegistrationSite Site { get; }

    public InjectedValues Values { get; }

    private INamedTypeSymbol Type { get; }

    private ParameterListSyntax Parameters { get; }

    private bool IsPrimary => Parameters.Parent is TypeDeclarationSyntax;

    public static async Task<InjectedSession?> FindAsync(
        INamedTypeSymbol type, TypeDeclarationSyntax part, InstanceLifetime lifetime, OpeningRecipe recipe, SolutionEdits edits, Project project, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (recipe.Keys.Count > 0
            || SharedSessionForm.TypeFor(recipe, facts) is not { } shared
            || type is not { DeclaringSyntaxReferences.Length: 1, IsRecord: false, IsAbstract: false, IsGenericType: false }

            // A component is given its services by properties.
            || Components.ContainsBaseOf(type)
            || ParametersOf(type, part, cancellationToken) is not { } parameters
            || MayBeNull(recipe.LoggerFactory, facts)
            || InjectedValues.Of(recipe, facts, cancellationToken) is not { } values
            || !await SessionConsumers.IsMadeByContainerOnlyAsync(type, edits, cancellationToken).ConfigureAwait(false)
            || await RegistrationSite.FindAsync(lifetime, edits, project, cancellationToken).ConfigureAwait(false) is not { } site
            || !site.CanName(shared)
            || !values.CanBeNamedAt(site, recipe))
        {
            return null;
        }

        return new InjectedSession(type, parameters, site, values);
    }

    /// <summary>Finds the registration of a session that is made with these arguments; there may be others, which have keys then.</summary>
    public async Task FindRegistrationAsync(SharingContext context, INamedTypeSymbol sharedType, string arguments, CancellationToken cancellationToken)
    {
        var registered = context.Solution.Memory<RegisteredSessions>(nameof(InjectedSession));
        await registered.ReadAsync(context.Solution, sharedType, cancellationToken).ConfigureAwait(false);
        _key = registered.KeyOf(arguments) ?? registered.NewKey(context.Stem == SessionNames.Nothing ? StemOf(Type.Name) : context.Stem);
    }

    /// <summary>The name by which the type's members know the session already.</summary>
    public string? NameIn(INamedTypeSymbol sharedType, CancellationToken cancellationToken)
    {
        var parameter = Type.InstanceConstructors[0].Parameters.FirstOrDefault(parameter =>
            SymbolEqualityComparer.Default.Equals(parameter.Type, sharedType)
            && (ServiceParameter.KeyOf(parameter) as string ?? "") == _key);
        if (parameter is null || IsPrimary)
        {
            return parameter?.Name;
        }

        // The field that takes it.
        return Parameters.Parent!.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => assignment.Right is IdentifierNameSyntax given && given.Identifier.ValueText == parameter.Name)
            .Select(assignment => (assignment.Left as SimpleNameSyntax ?? (assignment.Left as MemberAccessExpressionSyntax)?.Name)?.Identifier.ValueText)
            .FirstOrDefault(name => Type.GetMembers(name ?? "").OfType<IFieldSymbol>().Any(field => field.IsReadOnly));
    }

    /// <summary>Registers the session, and takes it in the constructor; returns the name by which the type's members know it.</summary>
    public string Write(SharingContext context, INamedTypeSymbol sharedType, string identity, CancellationToken cancellationToken)
    {
        if (context.Solution.Memory<RegisteredSessions>(nameof(InjectedSession)).Add(identity, _key))
        {
            var arguments = SharedSessionForm.Arguments(context, Site.Indentation, cancellationToken);
            var provider = arguments.Contains(InjectedValues.Provider + ".") ? InjectedValues.Provider : "_";
            var made = $"new {Site.NameOf(sharedType)}({arguments})";
            Site.Write(_key.Length == 0 ? $"AddSingleton({provider} => {made})" : $"AddKeyedSingleton({Quoted(_key)}, ({provider}, _) => {made})");
        }

        var type = context.Document.Usings.NameOf(sharedType, Parameters.SpanStart);
        var names = context.Names(cancellationToken);
        var taken = IsPrimary
            ? names.Take(context.Stem + "Session", stem => stem)
            : names.Take(context.Stem + "Session", stem => stem, SessionNames.FieldStyle(isStatic: false, context.Place.Part!));
        var parameters = context.Solution.Memory<ConstructorParameters>(Type);
        parameters.Add($"{Attribute(context)}{type} {taken[0]}");
        context.Solution.AtEnd((nameof(ConstructorParameters), Type), token =>
        {
            parameters.Write(Parameters, context.Document, token);
            return Task.CompletedTask;
        });
        if (IsPrimary)
        {
            return taken[0];
        }

        var field = context.Document.Type(context.Place.Part!).Writer();
        field.Line($"private readonly {type} {taken[1]};");
        context.Document.Type(context.Place.Part!).AddField(field);
        var constructors = context.Solution.Memory<Constructors>(Type);
        constructors.Add($"{(taken[1] == taken[0] ? "this." : "")}{taken[1]} = {taken[0]};");
        context.Solution.AtEnd((nameof(Constructors), Type), token => constructors.WriteAsync(context.Solution, context.Document, context.Place.Part!, Type, token));
        return taken[1];
    }

    /// <summary>What of the class is taken out with the opening: its parameters may be read nowhere else.</summary>
    public void Forget(SharingContext context)
    {
        if (IsPrimary)
        {
            context.Solution.Memory<ConstructorParameters>(Type).Forget(context.Recipe.Texts.Concat(context.Recipe.Locals.Where(local => !local.StaysToo).Select(local => (SyntaxNode)local.Statement)));
        }
    }

    private static bool MayBeNull(ExpressionSyntax? logger, CompilationFacts facts) =>
        logger is not null && facts.Sessions.Bodies.ModelOf(logger.SyntaxTree).GetTypeInfo(logger).Nullability.FlowState == NullableFlowState.MaybeNull;

    /// <summary>The parameters of the only constructor.</summary>
    private static ParameterListSyntax? ParametersOf(INamedTypeSymbol type, TypeDeclarationSyntax part, CancellationToken cancellationToken)
    {
        if (type.InstanceConstructors.Length != 1 || type.InstanceConstructors[0].DeclaringSyntaxReferences is not { Length: 1 } references)
        {
            return null;
        }

        return references[0].GetSyntax(cancellationToken) switch
        {
            ConstructorDeclarationSyntax constructor when Constructors.Of(type, cancellationToken) is { Count: 1 } && constructor.SyntaxTree == part.SyntaxTree => constructor.ParameterList,
            TypeDeclarationSyntax declaration => declaration.ChildNodes().OfType<ParameterListSyntax>().FirstOrDefault(),
            _ => null,
        };
    }

    /// <summary>"weather" for <c>WeatherController</c>.</summary>
    private static string StemOf(string typeName)
    {
        var suffix = TypeSuffixes.FirstOrDefault(suffix => typeName.Length > suffix.Length && typeName.EndsWith(suffix, StringComparison.Ordinal)) ?? "";
        return char.ToLowerInvariant(typeName[0]) + typeName.Substring(1, typeName.Length - suffix.Length - 1);
    }

    private string Attribute(SharingContext context)
    {
        if (_key.Length == 0)
        {
            return "";
        }

        var name = context.Document.Usings.NameOf("Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute", Parameters.SpanStart);
        return $"[{name.Substring(0, name.Length - "Attribute".Length)}({Quoted(_key)})] ";
    }

    private static string Quoted(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
